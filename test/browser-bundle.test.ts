import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build, type Plugin } from "vite";
import { describe, expect, it } from "vitest";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Names whatever of Node's a module of ours asks for. */
const builtins = new Set(builtinModules);
function watchBuiltins(found: string[]): Plugin {
  return {
    name: "watch-builtins",
    enforce: "pre",
    resolveId(id, importer) {
      if (id.startsWith("node:") || builtins.has(id)) found.push(`${id} in ${importer}`);
      return null;
    },
  };
}

async function bundle(): Promise<{ code: string; builtins: string[] }> {
  const found: string[] = [];
  const output = await build({
    configFile: false,
    root: here("."),
    logLevel: "silent",
    plugins: [watchBuiltins(found)],
    // The sources, as tests run on them; exact names only, so that no other entry than the main one is reached.
    resolve: {
      alias: [
        "core",
        "losses-gemini",
        "losses-metric",
        "losses-bregman",
        "losses-clustering",
        "models",
        "estimators",
        "backend-tfjs",
        "data/portable",
      ].map((name) => {
        const [short, path = "."] = name.split("/");
        return {
          find: new RegExp(`^@semblance/${name}$`),
          replacement: here(`../packages/${short}/src/${path}/index.ts`),
        };
      }),
    },
    build: {
      write: false,
      minify: false,
      lib: { entry: here("support/browser-entry.ts"), formats: ["iife"], name: "page" },
    },
  });
  const [{ output: chunks }] = [output].flat() as unknown as [{ output: { type: string; code: string }[] }];
  expect(chunks.filter(({ type }) => type === "chunk")).toHaveLength(1);
  return { code: chunks[0]!.code, builtins: found };
}

describe("core, losses, models, estimators and backend-tfjs in a browser", () => {
  it("ask for nothing of Node's, and train", { timeout: 120_000 }, async () => {
    const { code, builtins: used } = await bundle();
    // TensorFlow.js, and the random numbers that it takes from elsewhere, ask where they run on Node, which a browser never reaches.
    expect(used.filter((use) => !/@tensorflow|seedrandom/.test(use))).toEqual([]);
    const page: Record<string, unknown> = {
      performance,
      setTimeout,
      clearTimeout,
      queueMicrotask,
      console,
      TextEncoder,
      TextDecoder,
    };
    // By its document TensorFlow.js knows a page.
    page.document = {};
    page.window = page.self = createContext(page);
    for (const absent of ["process", "require", "Buffer"])
      expect(runInContext(`typeof ${absent}`, createContext(page))).toBe("undefined");
    runInContext(code, createContext(page));
    const losses = Array.from((await page.trained) as number[]);
    expect(losses).toHaveLength(5);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses[4]).toBeLessThan(losses[0]!);
    const clusters = Array.from((await page.clustered) as number[]);
    expect(clusters.map((cluster) => cluster === clusters[0])).toEqual([true, true, true, false, false, false]);
  });
});
