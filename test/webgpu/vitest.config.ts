import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import shared from "../../vitest.config.js";

/** The suites of `npm run webgpu`: one after the other, since they share a device. */
export default defineConfig({
  resolve: shared.resolve!,
  test: {
    root: fileURLToPath(new URL("../..", import.meta.url)),
    include: ["test/webgpu/*.suite.ts"],
    reporters: [fileURLToPath(new URL("summary.ts", import.meta.url))],
    fileParallelism: false,
    // A software driver compiles every shader anew.
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
