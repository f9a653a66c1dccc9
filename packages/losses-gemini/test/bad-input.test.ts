import { evaluateLoss, referenceBackend } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { catalogue, type Rows } from "./score.js";

/** What no GEMINI can be computed from is refused by code, with its place. */
const array = (rows: Rows) => ({ shape: [rows.length, rows[0]!.length], data: rows.flat() });
const fair = array([
  [0.5, 0.5],
  [0.2, 0.8],
]);
const data = array([[0], [1]]);
const evaluate = (
  loss: string | { name: string; [key: string]: unknown },
  inputs: Record<string, ReturnType<typeof array>>,
) => evaluateLoss({ catalogue, backend: referenceBackend(), loss, inputs });
const PRECOMPUTED = { name: "gemini/wasserstein-ova", distance: "precomputed" };
const KERNEL = { name: "gemini/mmd-ovo", kernel: "precomputed" };

describe("bad input", () => {
  it.each(catalogue.list("loss").map(({ name }) => name))("%s refuses rows that are no distributions", async (loss) => {
    const inputs: Record<string, typeof data> = catalogue.get("loss", loss).inputs.data ? { data } : {};
    const off = array([
      [0.5, 0.6],
      [0.2, 0.8],
    ]);
    await expect(evaluate(loss, { posteriors: off, ...inputs })).rejects.toMatchObject({ code: "NOT_ON_SIMPLEX" });
    const below = array([
      [0.5, 0.5],
      [-0.2, 1.2],
    ]);
    await expect(evaluate(loss, { posteriors: below, ...inputs })).rejects.toMatchObject({
      code: "NOT_ON_SIMPLEX",
      message: "row 1, column 0 of posteriors is -0.2",
    });
  });

  const hard = array([
    [1, 0],
    [0, 1],
  ]);
  it.each(["gemini/kl-ovo", "gemini/chi2-ovo"])("%s says where it is infinite", async (loss) => {
    await expect(evaluate(loss, { posteriors: hard })).rejects.toMatchObject({ code: "LOSS_NOT_FINITE" });
    const { value } = await evaluate(loss, {
      posteriors: array([
        [1, 0],
        [1, 0],
      ]),
    });
    expect(Math.abs(value)).toBe(0);
  });

  it.each([
    [
      "a negative distance",
      PRECOMPUTED,
      [
        [0, -1],
        [-1, 0],
      ],
      "AFFINITY_NEGATIVE",
    ],
    [
      "distances that are not symmetric",
      PRECOMPUTED,
      [
        [0, 1],
        [2, 0],
      ],
      "AFFINITY_ASYMMETRIC",
    ],
    [
      "a distance to itself",
      PRECOMPUTED,
      [
        [1, 1],
        [1, 0],
      ],
      "AFFINITY_DIAGONAL",
    ],
    [
      "a kernel that is not symmetric",
      KERNEL,
      [
        [1, 0],
        [0.5, 1],
      ],
      "AFFINITY_ASYMMETRIC",
    ],
    [
      "a matrix that is not square",
      KERNEL,
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      "AXIS_MISMATCH",
    ],
    ["a matrix of other rows", KERNEL, [[1]], "AXIS_MISMATCH"],
    [
      "a kernel that is not finite",
      KERNEL,
      [
        [Number.POSITIVE_INFINITY, 0],
        [0, 1],
      ],
      "ARRAY_INVALID",
    ],
  ] as const)("%s", async (_, loss, affinity, code) => {
    await expect(evaluate(loss, { posteriors: fair, affinity: array(affinity) })).rejects.toMatchObject({ code });
  });

  it.each([
    ["no distances", "gemini/wasserstein-ovo", { posteriors: fair }, "DISTANCE_INPUT_MISSING"],
    ["no matrix", PRECOMPUTED, { posteriors: fair, data }, "DISTANCE_INPUT_MISSING"],
    [
      "two sources",
      "gemini/wasserstein-ova",
      {
        posteriors: fair,
        data,
        affinity: array([
          [0, 1],
          [1, 0],
        ]),
      },
      "DISTANCE_INPUT_CONFLICT",
    ],
  ])("%s", async (_, loss, inputs, code) => {
    await expect(evaluate(loss, inputs)).rejects.toMatchObject({ code });
  });
});
