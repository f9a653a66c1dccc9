// `npm run size`: what every package weighs as a tarball and on disk, and how long its import takes. The ceilings are in
// test/support/budgets.ts and tested; times are only measured here.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { rows } from "../bench/import-time.mjs";
import { bootstrap, root } from "./bootstrap.mjs";

bootstrap();
const folder = mkdtempSync(join(tmpdir(), "semblance-size-"));
try {
  const args = ["--yes", "pnpm@10", "--recursive", "--filter", "./packages/*", "pack", "--pack-destination", folder];
  const { status, stderr } = spawnSync("npx", args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`packing failed: ${stderr}`);
  console.log("tarball                                   kB packed  kB unpacked");
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    const packed = statSync(file).size / 1000;
    const unpacked = gunzipSync(readFileSync(file)).length / 1000;
    console.log(name.padEnd(40), packed.toFixed(0).padStart(10), unpacked.toFixed(0).padStart(12));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log("\nimport                              ms   node ms   ratio   target");
for (const { name, ms, peerMs, ratio, target } of rows())
  console.log(
    name.replace("import ", "").padEnd(30),
    ms.toFixed(0).padStart(7),
    peerMs.toFixed(0).padStart(9),
    ratio.toFixed(2).padStart(7),
    `  ≤ ${target} ${ratio <= target ? "met" : "missed"}`,
  );
