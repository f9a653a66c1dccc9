import { allocate, type ConvolutionGeometry, type NdArray, ndarray, type Shape, sizeOf } from "@semblance/core";

/** Extents of a convolution's picture, of its window, and of the grid of places where the window lies. */
export interface Extents {
  readonly pixels: Shape;
  readonly kernel: Shape;
  readonly places: Shape;
}

/** What a window covers at one place: so many pixels from a start, so many elements of the window. Padding is left out. */
export interface Place {
  readonly pixels: {
    readonly starts: readonly number[];
    readonly sizes: readonly number[];
    readonly steps: readonly number[];
  };
  /** The first element of the window that lies on a pixel, along each axis; as many as there are pixels follow. */
  readonly elements: readonly number[];
}

/** The places of a convolution's window in row-major order, or `undefined` where one lies on padding alone. */
export function placesOf({ pixels, kernel, places }: Extents, geometry: ConvolutionGeometry): Place[] | undefined {
  const { strides, dilations, before } = geometry;
  const found: Place[] = [];
  for (const place of positions(places)) {
    const covered = place.map((at, axis) => {
      const first = at * strides[axis]! - before[axis]!;
      const dilation = dilations[axis]!;
      const skipped = Math.max(0, Math.ceil(-first / dilation));
      const end = Math.min(kernel[axis]!, Math.ceil((pixels[axis]! - first) / dilation));
      return { skipped, start: first + skipped * dilation, size: end - skipped };
    });
    if (covered.some(({ size }) => size <= 0)) return undefined;
    found.push({
      pixels: { starts: covered.map(({ start }) => start), sizes: covered.map(({ size }) => size), steps: dilations },
      elements: covered.map(({ skipped }) => skipped),
    });
  }
  return found;
}

/** [whole, part]: 1 where an element of the whole is that element of the part. A product with it takes the part out, or puts it back. */
export function selection(whole: Shape, starts: readonly number[], sizes: Shape, steps: readonly number[]): NdArray {
  const [rows, columns] = [sizeOf(whole), sizeOf(sizes)];
  const data = allocate("float32", rows * columns);
  positions(sizes).forEach((position, column) => {
    const row = position.reduce((index, at, axis) => index * whole[axis]! + starts[axis]! + at * steps[axis]!, 0);
    data[row * columns + column] = 1;
  });
  return ndarray("float32", [rows, columns], data);
}

/** All positions in a grid, in row-major order. */
function positions(extents: Shape): number[][] {
  return extents.reduce<number[][]>(
    (all, extent) => all.flatMap((head) => Array.from({ length: extent }, (_, at) => [...head, at])),
    [[]],
  );
}
