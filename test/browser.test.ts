import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { describe, expect, it } from "vitest";
import type { PageReport } from "./support/browser-page.js";
import { chromium, reportOfPage } from "./support/chromium.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function bundle(): Promise<string> {
  const output = await build({
    configFile: false,
    root: here("."),
    logLevel: "silent",
    resolve: {
      alias: ["core", "losses-gemini", "losses-metric", "models", "backend-tfjs"].flatMap((name) => [
        { find: new RegExp(`^@semblance/${name}$`), replacement: here(`../packages/${name}/src/index.ts`) },
        { find: new RegExp(`^@semblance/${name}/(.+)$`), replacement: here(`../packages/${name}/src/$1/index.ts`) },
      ]),
    },
    build: {
      write: false,
      target: "es2022",
      lib: { entry: here("support/browser-page.ts"), formats: ["es"] },
      rollupOptions: { output: { codeSplitting: false } },
    },
  });
  const [{ output: chunks }] = [output].flat() as unknown as [{ output: { code: string }[] }];
  return chunks[0]!.code;
}

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;

function wasmFiles(): Record<string, Uint8Array> {
  const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
  const names = readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  return Object.fromEntries(names.map((name) => [`/${name}`, readFileSync(join(folder, name))]));
}

const title = "Chromium trains as the reference does, on cpu, wasm and webgl, and conforms on wasm and webgl";
if (chromium === undefined) {
  it.skip(`${title}: no Chromium is installed; name one with CHROMIUM`, () => {});
} else {
  describe("in a browser", () => {
    it(title, { timeout: 400_000 }, async () => {
      const code = await bundle();
      console.log(`page: ${kilobytes(code.length)}, ${kilobytes(gzipSync(code).length)} gzipped`);
      const report = (await reportOfPage(chromium!, code, wasmFiles())) as PageReport & { error?: string };
      expect(report.error).toBeUndefined();
      const { reference, ...trained } = report.losses;
      expect(Object.keys(trained)).toEqual(["cpu", "wasm", "webgl"]);
      expect(reference![9]).toBeLessThan(reference![0]!);
      for (const [device, losses] of Object.entries(trained)) {
        losses.forEach((loss, step) => {
          expect(Math.abs(loss / reference![step]! - 1), `${device}, step ${step}: ${loss}`).toBeLessThan(1e-4);
        });
      }
      for (const [device, { passed, failures }] of Object.entries(report.conformance)) {
        console.log(`tfjs/${device} in Chromium: ${passed} passed, ${failures.length} failed`);
        expect(passed, device).toBeGreaterThan(800);
        expect(failures, device).toEqual([]);
      }
    });
  });
}
