// Part of `npm run version`: writes each package's version into its version.ts, which plugins state and core checks.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const packages = new URL("../packages/", import.meta.url);
for (const name of readdirSync(packages)) {
  const file = new URL(`${name}/src/version.ts`, packages);
  if (!existsSync(file)) continue;
  const { version } = JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), "utf8"));
  writeFileSync(file, readFileSync(file, "utf8").replace(/VERSION = ".*"/, `VERSION = "${version}"`));
}
