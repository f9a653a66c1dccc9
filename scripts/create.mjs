// `npm run create -- ../my-losses`: what `npm create @semblance` does, from this clone.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

bootstrap();
const bin = join(root, "packages", "create", "bin", "create.js");
// Paths are seen from where the command was typed, not from where npm runs scripts.
const cwd = process.env.INIT_CWD ?? process.cwd();
const { status } = spawnSync(process.execPath, [bin, ...process.argv.slice(2)], { cwd, stdio: "inherit" });
process.exit(status ?? 1);
