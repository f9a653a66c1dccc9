import { describe, expect, it } from "vitest";
import { threefry2x32 } from "./threefry.js";

const encrypt = (...words: [number, number, number, number]) => {
  const out = new Uint32Array(2);
  threefry2x32(...words, out);
  return Array.from(out, (word) => word.toString(16).padStart(8, "0"));
};

describe("threefry2x32", () => {
  // Random123 1.14, tests/kat_vectors, "threefry2x32 20".
  it.each([
    [
      [0, 0, 0, 0],
      ["6b200159", "99ba4efe"],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      ["1cb996fc", "bb002be7"],
    ],
    [
      [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3],
      ["c4923a9c", "483df7a0"],
    ],
  ] as const)("gives the published answer for %j", (words, expected) => {
    expect(encrypt(...(words as unknown as [number, number, number, number]))).toEqual(expected);
  });

  it("writes at an offset and touches nothing else", () => {
    const out = new Uint32Array(4).fill(7);
    threefry2x32(0, 0, 0, 0, out, 1);
    expect(Array.from(out)).toEqual([7, 0x6b200159, 0x99ba4efe, 7]);
  });
});
