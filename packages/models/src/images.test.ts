import { ndarray, referenceBackend, sizeOf, spec, type Tensor, trace } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { asImages, type ImageLayout } from "./images.js";
import { resizeBilinear } from "./resize-bilinear.js";

async function run(shape: number[], build: (x: Tensor) => Tensor, values?: number[]) {
  const data = values ?? Array.from({ length: sizeOf(shape) }, (_, i) => i);
  const program = trace({
    name: "pictures",
    inputs: { x: spec("float64", shape) },
    build: ({ x }) => ({ outputs: { y: build(x) } }),
  });
  const executable = await referenceBackend().compile(program);
  const { y } = await executable.run({ x: ndarray("float64", shape, data) });
  return { shape: [...y!.shape], data: Array.from(y!.data) };
}

describe("asImages", () => {
  it.each<[string, ImageLayout, number[], number[]]>([
    ["grey", { channels: "auto" }, [5, 6], [1, 5, 6]],
    ["channels first", { channels: "auto" }, [3, 5, 6], [3, 5, 6]],
    ["a row of channels first", { channels: "auto", image: [3, 5, 6] }, [90], [3, 5, 6]],
    ["a grey row", { channels: "auto", image: [5, 6] }, [30], [1, 5, 6]],
  ])("leaves the elements of %s where they are", async (_, layout, item, image) => {
    const { shape, data } = await run([2, ...item], (x) => asImages(x, layout));
    expect(shape).toEqual([2, ...image]);
    expect(data).toEqual(data.map((_value, i) => i));
  });

  it.each<[string, ImageLayout, number[]]>([
    ["items", { channels: "auto" }, [5, 6, 3]],
    ["rows", { channels: "auto", image: [5, 6, 3] }, [90]],
  ])("brings the channels of %s to the front", async (_, layout, item) => {
    const { shape, data } = await run([2, ...item], (x) => asImages(x, layout));
    expect(shape).toEqual([2, 3, 5, 6]);
    // Channel 2 of pixel (4, 5) of the second picture.
    expect(data[sizeOf([1, 3, 5, 6]) + 2 * 30 + 4 * 6 + 5]).toBe(90 + (4 * 6 + 5) * 3 + 2);
  });
});

describe("resizeBilinear", () => {
  it("interpolates between pixel centres, and repeats the border", async () => {
    const { data } = await run([1, 1, 1, 2], (x) => resizeBilinear(x, 1, 4), [0, 8]);
    expect(data).toEqual([0, 2, 6, 8]);
  });

  it("takes the mean of what becomes one pixel, with its neighbours at half their weight", async () => {
    // Step 2: the triangle of the first pixel weighs 3, 3 and 1 of its pixels, cut off at the border.
    const { data } = await run([1, 1, 4, 1], (x) => resizeBilinear(x, 2, 1), [7, 14, 21, 70]);
    expect(data[0]).toBeCloseTo((3 * 7 + 3 * 14 + 21) / 7, 12);
    expect(data[1]).toBeCloseTo((14 + 3 * 21 + 3 * 70) / 7, 12);
  });

  it("keeps an even picture even, whatever the sizes", async () => {
    for (const [height, width] of [
      [32, 32],
      [3, 50],
      [7, 2],
    ] as const) {
      const { shape, data } = await run(
        [2, 3, 28, 9],
        (x) => resizeBilinear(x, height, width),
        new Array(1512).fill(5),
      );
      expect(shape).toEqual([2, 3, height, width]);
      for (const value of data) expect(value).toBeCloseTo(5, 12);
    }
  });

  it("does nothing to a picture of that size", async () => {
    const { data } = await run([1, 2, 3, 4], (x) => resizeBilinear(x, 3, 4));
    expect(data).toEqual(data.map((_, i) => i));
  });
});
