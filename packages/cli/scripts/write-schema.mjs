// Writes schema/job.schema.json from the built package; a test compares the two.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CATALOGUE } from "@semblance/core";
import { compose, jobJsonSchema } from "../dist/index.js";

const path = fileURLToPath(new URL("../schema/job.schema.json", import.meta.url));
writeFileSync(path, `${JSON.stringify(jobJsonSchema(compose().resolve(CATALOGUE)), undefined, 2)}\n`);
execFileSync("npx", ["biome", "format", "--write", path], { stdio: "inherit" });
