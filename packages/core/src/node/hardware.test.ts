import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { graphicsAdapters } from "./graphics-adapters.js";
import { describeProcessor, processor } from "./processor.js";

it("names the processor, its threads and its vector instructions", () => {
  expect(processor()).toMatchObject({ model: expect.stringMatching(/\S/), threads: availableParallelism() });
  expect(describeProcessor({ model: "Abacus", threads: 1 })).toBe("Abacus, 1 thread");
  expect(describeProcessor({ model: "Abacus", threads: 8, simd: "AVX2" })).toBe("Abacus, 8 threads, AVX2");
});

it("reads what the driver's tool prints, and takes its absence for no adapter", async () => {
  const folder = await mkdtemp(join(tmpdir(), "semblance-core-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const tool = join(folder, "tool");
  await writeFile(tool, "#!/bin/sh\necho 'NVIDIA H100 80GB HBM3, 81559 MiB, 570.86.15'\n");
  await chmod(tool, 0o755);
  expect(await graphicsAdapters(tool)).toEqual(["NVIDIA H100 80GB HBM3, 81559 MiB, driver 570.86.15"]);
  await writeFile(tool, "#!/bin/sh\necho 'No devices were found'\nexit 6\n");
  expect(await graphicsAdapters(tool)).toEqual([]);
  expect(await graphicsAdapters(join(folder, "nothing"))).toEqual([]);
});
