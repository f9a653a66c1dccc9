import type { Key } from "@semblance/core";

/** Ways in which a file gets damaged, or is made to harm. Each changes a copy. */
const mutations: readonly ((bytes: Uint8Array, draw: () => number, other: Uint8Array) => Uint8Array)[] = [
  function flipBits(bytes, draw) {
    const out = new Uint8Array(bytes);
    for (let flips = 1 + Math.floor(draw() * 4); flips > 0; flips--) out[at(out, draw)]! ^= 1 << Math.floor(draw() * 8);
    return out;
  },
  function truncate(bytes, draw) {
    return bytes.slice(0, at(bytes, draw));
  },
  function inflateLength(bytes, draw) {
    // A varint of many bits in the place of a byte: a length, an extent or a count of that size.
    const place = at(bytes, draw);
    const digits = Array.from({ length: 1 + Math.floor(draw() * 9) }, () => 128 | Math.floor(draw() * 128));
    return joined(
      bytes.subarray(0, place),
      Uint8Array.of(...digits, Math.floor(draw() * 128)),
      bytes.subarray(place + 1),
    );
  },
  function splice(bytes, draw, other) {
    const place = at(other, draw);
    const part = other.subarray(place, place + 1 + Math.floor(draw() * 64));
    const own = at(bytes, draw);
    return joined(bytes.subarray(0, own), part, bytes.subarray(own + Math.floor(draw() * 16)));
  },
  function duplicate(bytes, draw) {
    const start = at(bytes, draw);
    const part = bytes.subarray(start, start + 1 + Math.floor(draw() * 256));
    return joined(bytes.subarray(0, start), part, part, bytes.subarray(start + part.length));
  },
  function overwrite(bytes, draw) {
    // Numbers inside fields that keep their length: extents, axes, operators' names.
    const out = new Uint8Array(bytes);
    for (let count = 1 + Math.floor(draw() * 3); count > 0; count--) out[at(out, draw)] = Math.floor(draw() * 256);
    return out;
  },
];

const at = (bytes: Uint8Array, draw: () => number) => Math.min(bytes.length - 1, Math.floor(draw() * bytes.length));

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let place = 0;
  for (const part of parts) {
    out.set(part, place);
    place += part.length;
  }
  return out;
}

/** One damaged file of `seeds`, the same for the same key. */
export function mutated(seeds: readonly Uint8Array[], key: Key): { readonly how: string; readonly bytes: Uint8Array } {
  const numbers = key.uniform(256);
  let next = 0;
  const draw = () => numbers[next++ % numbers.length]!;
  const pick = <T>(list: readonly T[]) => list[Math.floor(draw() * list.length)]!;
  const chosen = Array.from({ length: 1 + Math.floor(draw() * 2) }, () => pick(mutations));
  const seed = pick(seeds);
  const bytes = chosen.reduce((file, mutate) => (file.length === 0 ? file : mutate(file, draw, pick(seeds))), seed);
  return { how: chosen.map(({ name }) => name).join(", "), bytes };
}
