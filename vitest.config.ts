import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));
const packages = readdirSync(`${root}packages`);

// Tests run on the sources, so that a change is tested without a build. Only tests of the built command use `dist`.
const alias = packages.flatMap((name) => [
  { find: new RegExp(`^@semblance/${name}$`), replacement: `${root}packages/${name}/src/index.ts` },
  { find: new RegExp(`^@semblance/${name}/(.+)$`), replacement: `${root}packages/${name}/src/$1/index.ts` },
]);

const project = (name: string, include: string[], testTimeout = 30_000) => ({
  resolve: { alias },
  test: { name, include, testTimeout, root },
});

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      ...packages.map((name) => project(name, [`packages/${name}/{src,test}/**/*.test.ts`])),
      project("spanning", ["test/**/*.test.ts"], 180_000),
      project("examples", ["examples/**/*.test.ts"], 180_000),
    ],
  },
});
