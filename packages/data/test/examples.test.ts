import { readdirSync, readFileSync } from "node:fs";
import * as filePromises from "node:fs/promises";
import * as os from "node:os";
import * as paths from "node:path";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as core from "@semblance/core";
import ts from "typescript";
import { expect, it } from "vitest";
import * as data from "../src/index.js";
import { temporaryFolder } from "./support/temporary-folder.js";

/** Every ts block of the README and of the doc comments runs; `// =>` asserts the value of the expression before it. */
const root = fileURLToPath(new URL("..", import.meta.url));

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => join(root, "src", file));

const blocksOf = (path: string) =>
  [...readFileSync(path, "utf8").matchAll(/^( \* )?```ts\n([\s\S]*?)^(?: \* )?```/gm)].map((match, index) => ({
    title: `${relative(root, path)} #${index + 1}`,
    code: match[2]!.replace(/^ \* ?/gm, ""),
  }));

const modules: Record<string, object> = {
  "@semblance/core": core,
  "@semblance/data": data,
  "node:fs/promises": filePromises,
  "node:os": os,
  "node:path": paths,
};
const blocks = [join(root, "README.md"), ...sources].flatMap(blocksOf);

it("finds the examples", () => expect(blocks.length).toBeGreaterThan(3));

it.each(blocks)("example $title", async ({ code }) => {
  const checked = code.replace(/^(?!\s*(?:const|import)\b)(.+?);?\s*\/\/ => (.+)$/gm, "__equal($1, $2);");
  const asserted = (checked.match(/__equal\(/g) ?? []).length;
  const body = checked.replace(/^import (\{[^}]*\}) from ("[^"]+");$/gm, "const $1 = __modules[$2];");
  const { outputText } = ts.transpileModule(body, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  let passed = 0;
  const equal = (got: unknown, expected: unknown) => {
    expect(got).toEqual(expected);
    passed++;
  };
  const names = { ...core, ...data };
  // What a block imports itself must not clash with what is in scope.
  const inScope = Object.keys(names).filter(
    (name) => !new RegExp(`const \\{[^}]*\\b${name}\\b[^}]*\\} = __modules`).test(body),
  );
  const AsyncFunction = (async () => {}).constructor as new (
    ...parameters: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const run = new AsyncFunction("__modules", "__equal", "folder", ...inScope, outputText);
  await run(modules, equal, await temporaryFolder(), ...inScope.map((name) => names[name as keyof typeof names]));
  expect(passed, "every assertion was reached").toBe(asserted);
  expect(passed, "an example asserts something").toBeGreaterThan(0);
});
