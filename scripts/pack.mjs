// `npm run pack -- FOLDER`: every package as the file that would be published, to be installed from there.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

const [asked, ...others] = process.argv.slice(2);
if (asked === undefined || others.length > 0) {
  console.error("error[USAGE]: one folder is taken\n  fix: npm run pack -- ../packed");
  process.exit(2);
}
const folder = resolve(process.env.INIT_CWD ?? process.cwd(), asked);
mkdirSync(folder, { recursive: true });
bootstrap();
const pack = ["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", folder];
const { status, stderr, error } = spawnSync("npx", ["--yes", "--prefer-offline", "pnpm@10", ...pack], {
  cwd: root,
  encoding: "utf8",
  shell: process.platform === "win32",
});
if (status !== 0) {
  console.error(`error[PACK_FAILED]: the packages could not be packed\n${error ?? stderr}`);
  process.exit(1);
}
const files = readdirSync(folder).filter((name) => /^semblance-.*\.tgz$/.test(name));
console.log(`${files.length} packages in ${folder}; in a folder of yours:`);
console.log(`  npm install --save-dev --ignore-scripts ${join(folder, "semblance-*.tgz")}`);
