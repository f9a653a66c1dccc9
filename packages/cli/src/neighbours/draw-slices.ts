import { type NdArray, ndarray } from "@semblance/core";
import type { FunctionCurves } from "@semblance/eval";

/** More outputs than hues cannot be told apart. */
const MOST_OUTPUTS = 10;
const STEPS = 120;

export interface DrawSlices {
  /** [n, d] */
  readonly embeddings: NdArray;
  readonly generator: (rows: NdArray) => Promise<NdArray<"float64">>;
  /** What an output is moved through. */
  readonly range: readonly [number, number];
}

/** φ along each output while the others stay at their means: which outputs it bends along, and how much. */
export async function drawSlices({ embeddings, generator, range: [low, high] }: DrawSlices): Promise<FunctionCurves> {
  const [count, width] = embeddings.shape as [number, number];
  const means = Float64Array.from({ length: width }, (_, output) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += embeddings.data[row * width + output]!;
    return sum / count;
  });
  const x = Float64Array.from({ length: STEPS + 1 }, (_, step) => low + ((high - low) * step) / STEPS);
  const shown = Math.min(width, MOST_OUTPUTS);
  const rows = new Float64Array(shown * x.length * width);
  for (let line = 0; line < shown; line++) {
    for (let step = 0; step < x.length; step++) {
      const start = (line * x.length + step) * width;
      rows.set(means, start);
      rows[start + line] = x[step]!;
    }
  }
  const { data } = await generator(ndarray("float64", [shown * x.length, width], rows));
  return {
    title: "φ along each output, the others at their means",
    xLabel: "the output",
    yLabel: "φ",
    x,
    lines: Array.from({ length: shown }, (_, line) => ({
      name: `output ${line + 1}`,
      y: data.subarray(line * x.length, (line + 1) * x.length),
    })),
    ...(width > shown ? { note: `Shown are the first ${shown} of ${width} outputs.` } : {}),
  };
}
