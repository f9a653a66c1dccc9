import { ortBackend } from "@semblance/backend-ort";
import { add, greater, Key, type NdArray, ndarray, sizeOf, sub, type Tensor, where } from "@semblance/core";
import { describe, it } from "vitest";
import { expectLikeReference } from "./compare.js";

const backend = await ortBackend({ threads: 1 });
const key = Key.fromSeed(21);
const drawn = (name: string, shape: readonly number[]): NdArray =>
  ndarray("float32", shape, Float32Array.from(key.fold(name).normal(sizeOf(shape))));

describe("operands of unlike shapes, large enough to be laid out otherwise", () => {
  it.each([
    [[64, 128, 1, 1], []],
    [
      [64, 128, 1, 1],
      [128, 1, 1],
    ],
    [
      [64, 128, 1, 1],
      [64, 1, 1, 1],
    ],
    [
      [64, 128, 1],
      [1, 1, 1],
    ],
    [
      [64, 128, 1],
      [128, 64],
    ],
    [
      [32, 64, 2, 2],
      [1, 64, 1, 1],
    ],
    [
      [32, 64, 2, 2],
      [64, 1, 1],
    ],
    [
      [32, 64, 2, 2],
      [32, 1, 1, 1],
    ],
    [
      [32, 64, 2, 4],
      [1, 64, 2, 1],
    ],
    [
      [1, 64, 1, 1],
      [32, 1, 2, 2],
    ],
    [
      [32, 64, 2, 1],
      [1, 64, 1, 1],
    ],
  ])("%j and %j", async (a, b) => {
    const build = (x: Tensor, y: Tensor) => [sub(x, y), sub(y, x), add(x, y), where(greater(x, y), x, y)];
    await expectLikeReference(backend, [drawn("a", a), drawn("b", b)], build, { tolerance: 1e-6 });
  });
});
