import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { snippetsOf, withChecks } from "./support/snippets.js";

/**
 * Runs every ```ts block of the documents. A line that ends in `// => text` asserts that its value prints as the text. Blocks of one
 * document are separate modules.
 */
const root = new URL("..", import.meta.url);
const folder = new URL("./.snippets/", import.meta.url);

const documents = [
  "README.md",
  "ARCHITECTURE.md",
  ...readdirSync(new URL("docs", root)).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : [])),
  ...readdirSync(new URL("packages", root)).map((name) => `packages/${name}/README.md`),
];

(globalThis as Record<string, unknown>).__check = (value: unknown, text: string) => {
  const shown = typeof value === "string" ? value : inspect(value, { depth: 5, breakLength: Number.POSITIVE_INFINITY });
  // Documents write arrays and texts as people do; spaces and the kind of quotes are not what is checked.
  const plain = (printed: string) => printed.replace(/\s/g, "").replaceAll("'", '"');
  expect(plain(shown)).toBe(plain(text));
};

describe("documents", () => {
  // What a document calls `folder` is a folder of the reader's own.
  const own = mkdtempSync(join(tmpdir(), "semblance-snippets-"));
  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    (globalThis as Record<string, unknown>).folder = own;
  });
  afterAll(() => {
    for (const made of [folder, own]) rmSync(made, { recursive: true, force: true });
  });

  for (const document of documents) {
    const blocks = snippetsOf(readFileSync(new URL(document, root), "utf8"));
    blocks.forEach((code, index) => {
      it(`${document}, block ${index + 1}`, async () => {
        const file = new URL(`${document.replaceAll("/", "-")}-${index}.ts`, folder);
        writeFileSync(file, `export {};\n${withChecks(code)}`);
        await import(/* @vite-ignore */ file.pathname);
      });
    });
  }

  it("turns a trailing arrow into a check", () => {
    expect(withChecks("const a = 1 + 1; // => 2\nf(a) // => 'x'\nplain();")).toBe(
      `const a = 1 + 1; __check(a, "2");\n__check(f(a), "'x'");\nplain();`,
    );
  });
});
