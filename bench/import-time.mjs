// How long a fresh process takes to import a package as it is published, beside an empty process in turn with it.
import { spawnSync } from "node:child_process";
import { withPacked } from "../scripts/packed.mjs";

const ROUNDS = 15;
/** 80 ms on a machine where Node itself starts in 40. */
const TARGET = 2;

/** Of the packages in the tarballs, or in `folder`, where they are installed already. */
export function rows({ folder } = {}) {
  if (folder === undefined) return withPacked((packed) => rows({ folder: packed }));
  const names = ["@semblance/core", "@semblance/losses-gemini", "@semblance/models", "@semblance/backend-ort"];
  return names.map((name) => {
    const empty = [];
    const full = [];
    for (let round = 0; round < ROUNDS; round++) {
      empty.push(start("", folder));
      full.push(start(`await import(${JSON.stringify(name)});`, folder));
    }
    // The fastest of many: what else the machine does only ever adds.
    const peerMs = Math.min(...empty);
    const ms = Math.min(...full) - peerMs;
    return { name: `import ${name}`, ms, peer: "an empty process", peerMs, ratio: ms / peerMs, target: TARGET };
  });
}

/** The processor's time, which others who wait for the same processor do not lengthen, as the clock's they would. */
function start(code, folder) {
  const measured = `${code} const { user, system } = process.cpuUsage(); console.log((user + system) / 1000);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", measured], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${code} failed: ${stderr}`);
  return Number(stdout);
}
