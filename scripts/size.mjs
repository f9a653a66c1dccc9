// `npm run size`: what every package weighs as a tarball and on disk, and how long its import takes from there. The ceilings are in
// test/support/budgets.ts and tested; times are only measured here.
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { rows } from "../bench/import-time.mjs";
import { withPacked } from "./packed.mjs";

withPacked((folder, tarballs) => {
  console.log("tarball                                   kB packed  kB unpacked");
  for (const file of tarballs) {
    const packed = statSync(file).size / 1000;
    const unpacked = gunzipSync(readFileSync(file)).length / 1000;
    console.log(basename(file).padEnd(40), packed.toFixed(0).padStart(10), unpacked.toFixed(0).padStart(12));
  }
  console.log("\nimport                         cpu ms   node ms   ratio   target");
  for (const { name, ms, peerMs, ratio, target } of rows({ folder }))
    console.log(
      name.replace("import ", "").padEnd(30),
      ms.toFixed(0).padStart(6),
      peerMs.toFixed(0).padStart(9),
      ratio.toFixed(2).padStart(7),
      `  ≤ ${target} ${ratio <= target ? "met" : "missed"}`,
    );
});
