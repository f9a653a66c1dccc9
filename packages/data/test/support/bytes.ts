/** The parts one after the other. */
export function concatenated(...parts: readonly ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

/** `count` values of `width` bytes each, written by `set`. */
export function packed<T>(
  values: readonly T[],
  width: number,
  set: (view: DataView, at: number, value: T) => void,
): Uint8Array {
  const out = new Uint8Array(values.length * width);
  const view = new DataView(out.buffer);
  values.forEach((value, index) => {
    set(view, index * width, value);
  });
  return out;
}
