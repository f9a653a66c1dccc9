import { isSemblanceError, Key } from "@semblance/core";
import { importOnnx, readOnnx, readOnnxTensor } from "@semblance/models";
import { describe, expect, it } from "vitest";
import { mutated } from "./support/mutate.js";
import { meaningMutated } from "./support/mutate-meaning.js";
import { exportedMlp, type FileTensor, oneNodeFile } from "./support/onnx-files.js";
import { archiveIsThere, readNodeTests } from "./support/onnx-node-tests.js";

const FILES = 10_000;
/** No file of a few kilobytes takes this long, on however busy a machine, unless its work follows a number that it claims. */
const LONGEST_MS = 5_000;
const MOST_BYTES = 768 * 2 ** 20;

const vector = (...values: number[]): FileTensor => ({ type: "int64", shape: [values.length], values });
const image: FileTensor = {
  type: "float32",
  shape: [1, 2, 5, 5],
  values: Array.from({ length: 50 }, (_, at) => at / 7),
};

/** Nodes whose numbers decide sizes, windows or tables: where a claim could become work. */
const delicate = [
  oneNodeFile({ op: "ConstantOfShape", opset: 9, inputs: [vector(3, 4)], stored: [0] }),
  oneNodeFile({ op: "Expand", opset: 13, inputs: [image, vector(3, 2, 5, 5)], stored: [1] }),
  oneNodeFile({ op: "Tile", opset: 13, inputs: [image, vector(2, 1, 3, 1)], stored: [1] }),
  oneNodeFile({
    op: "Pad",
    opset: 13,
    inputs: [image, vector(0, 0, 1, 1, 0, 0, 1, 1)],
    attributes: { mode: "reflect" },
    stored: [1],
  }),
  oneNodeFile({
    op: "Range",
    opset: 11,
    inputs: [vector(0), vector(100), vector(3)].map((each) => ({ ...each, shape: [] })),
    stored: [0, 1, 2],
  }),
  oneNodeFile({
    op: "MaxPool",
    opset: 12,
    inputs: [image],
    attributes: { kernel_shape: [2, 2], dilations: [2, 2], strides: [1, 1] },
  }),
  oneNodeFile({ op: "LRN", opset: 13, inputs: [image], attributes: { size: 3 } }),
  oneNodeFile({
    op: "OneHot",
    opset: 11,
    inputs: [vector(1, 2), vector(4), { type: "float32", shape: [2], values: [0, 1] }],
    stored: [1, 2],
  }),
  oneNodeFile({ op: "Einsum", opset: 12, inputs: [image, image], attributes: { equation: "abcd,abed->ce" } }),
  oneNodeFile({ op: "Reshape", opset: 14, inputs: [image, vector(5, -1)], stored: [1] }),
  oneNodeFile({ op: "ReduceProd", opset: 13, inputs: [image], attributes: { axes: [2, 3] } }),
  oneNodeFile({ op: "EyeLike", opset: 9, inputs: [{ type: "float32", shape: [4, 4], values: Array(16).fill(0) }] }),
];

describe("damaged ONNX files", () => {
  it(`${FILES} of them give a model or an error with a code, in little time and memory`, async () => {
    const exported = [await exportedMlp([4], 3), await exportedMlp([2, 3], 2)].map(({ bytes }) => bytes);
    const official = archiveIsThere ? (await readNodeTests()).filter((_, at) => at % 4 === 0) : [];
    if (!archiveIsThere) console.log("fuzzing without the models of the official node tests: they are not there");
    const seeds = [...exported, ...delicate, ...official.map(({ model }) => model)];
    const key = Key.fromSeed(20_260_301);
    const codes = new Map<string, number>();
    let slowest = { ms: 0, file: "" };
    let peak = 0;
    const before = process.memoryUsage().rss;
    for (let index = 0; index < FILES; index++) {
      // Every other file is well formed and says something strange.
      const own = key.fold(index);
      const seed = seeds[Math.floor(own.fold("seed").uniform(1)[0]! * seeds.length)]!;
      const { how, bytes } =
        index % 2 === 0 ? mutated(seeds, own) : { how: "another meaning", bytes: meaningMutated(seed, own) };
      const started = performance.now();
      let code = "read";
      try {
        importOnnx(readOnnx(bytes));
      } catch (error) {
        if (!isSemblanceError(error)) throw new Error(`file ${index} (${how}): ${String(error)}`, { cause: error });
        code = error.code;
      }
      codes.set(code, (codes.get(code) ?? 0) + 1);
      const ms = performance.now() - started;
      if (ms > slowest.ms) slowest = { ms, file: `file ${index} (${how}): ${code}` };
      if (index % 50 === 0) peak = Math.max(peak, process.memoryUsage().rss - before);
    }
    const counts = [...codes].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
    console.log(
      `${counts.join(", ")}; slowest ${slowest.ms.toFixed(0)} ms; ${(peak / 2 ** 20).toFixed(0)} MiB more at the most`,
    );
    expect(slowest.ms, slowest.file).toBeLessThan(LONGEST_MS);
    expect(peak).toBeLessThan(MOST_BYTES);
    // Damage that is always noticed, or never, would mean that nothing is tested.
    expect(codes.get("read")).toBeGreaterThan(FILES / 100);
    expect([...codes.keys()].filter((code) => code.startsWith("ONNX_")).length).toBeGreaterThan(7);
  });

  it.runIf(archiveIsThere)("and so do damaged tensors", async () => {
    const seeds = (await readNodeTests()).flatMap(({ inputs }) => inputs.slice(0, 1));
    const key = Key.fromSeed(20_260_302);
    for (let index = 0; index < 2_000; index++) {
      const { how, bytes } = mutated(seeds, key.fold(index));
      try {
        readOnnxTensor(bytes);
      } catch (error) {
        if (!isSemblanceError(error)) throw new Error(`tensor ${index} (${how}): ${String(error)}`, { cause: error });
      }
    }
  });
});
