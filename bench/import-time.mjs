// How long a fresh process takes to import a package from its built files, beside an empty process in turn with it.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const ROUNDS = 15;
/** 80 ms on a machine where Node itself starts in 40. */
const TARGET = 2;

export function rows() {
  const names = ["@semblance/core", "@semblance/losses-gemini", "@semblance/models", "@semblance/backend-ort"];
  return names.map((name) => {
    const empty = [];
    const full = [];
    for (let round = 0; round < ROUNDS; round++) {
      empty.push(start("0"));
      full.push(start(`import ${JSON.stringify(name)}`));
    }
    // The fastest of many: what else the machine does only ever adds.
    const peerMs = Math.min(...empty);
    const ms = Math.min(...full) - peerMs;
    return { name: `import ${name}`, ms, peer: "an empty process", peerMs, ratio: ms / peerMs, target: TARGET };
  });
}

function start(code) {
  const before = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], { cwd: here });
  if (status !== 0) throw new Error(`${code} failed: ${stderr}`);
  return performance.now() - before;
}
