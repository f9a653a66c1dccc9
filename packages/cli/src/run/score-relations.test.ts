import { type Catalogue, createCatalogue, ndarray, referenceBackend, type Supervision } from "@semblance/core";
import { bregmanPlugin } from "@semblance/losses-bregman";
import { expect, it } from "vitest";
import { scoreRelations } from "./score-relations.js";
import type { ComparedBy } from "./score-retrieval.js";

const catalogue: Catalogue = createCatalogue([bregmanPlugin]);
const by = (
  divergence: ComparedBy["comparison"]["divergence"],
  order: ComparedBy["comparison"]["order"] = "anchor-first",
) => ({
  backend: referenceBackend(),
  catalogue,
  comparison: { divergence, normalise: false, order },
  weights: {},
});
// Rows 0 and 1 have their largest number in the same place and are far apart; row 2 is near to row 0 and has it elsewhere.
const embeddings = ndarray("float64", [3, 2], [1, 0.9, 9, 0, 0.9, 1]);
const pairs: Supervision = { form: "pairs", rows: Int32Array.of(0, 1, 0, 2), similarity: Float32Array.of(1, -1) };
const triplets: Supervision = { form: "triplets", rows: Int32Array.of(0, 1, 2) };

it("compares what was told by the divergence of the loss, and by Euclidean distance where there is none", async () => {
  expect(await scoreRelations(pairs, embeddings)).toMatchObject([{ name: "pair-auc", value: 0 }]);
  expect(await scoreRelations(pairs, embeddings, by("max-affine"))).toMatchObject([{ name: "pair-auc", value: 1 }]);
  expect(await scoreRelations(triplets, embeddings)).toMatchObject([{ name: "triplet-accuracy", value: 0 }]);
  expect(await scoreRelations(triplets, embeddings, by("max-affine"))).toMatchObject([{ value: 1 }]);
  // It compares sets, not rows.
  expect(await scoreRelations(pairs, embeddings, by("moment-matching"))).toMatchObject([{ value: 0 }]);
});

it("takes the arguments of a divergence in the order of the loss", async () => {
  // D(x, y) = x log(x / y) − x + y: D(2.8, 1) = 1.08 < D(1, 0.1) = 1.40, and D(1, 2.8) = 0.77 > D(0.1, 1) = 0.67.
  const rows = ndarray("float64", [4, 1], [2.8, 1, 1, 0.1]);
  const told: Supervision = { form: "pairs", rows: Int32Array.of(0, 1, 2, 3), similarity: Float32Array.of(1, -1) };
  expect(await scoreRelations(told, rows, by("generalised-kl"))).toMatchObject([{ value: 1 }]);
  expect(await scoreRelations(told, rows, by("generalised-kl", "anchor-second"))).toMatchObject([{ value: 0 }]);
});

it("has no value without pairs of both kinds, or without any triplet", async () => {
  const same: Supervision = { ...pairs, similarity: Float32Array.of(1, 1) };
  const [score] = await scoreRelations(same, embeddings);
  expect(score!.value).toBeUndefined();
  expect(score!.reason).toContain("both kinds");
  expect((await scoreRelations({ form: "triplets", rows: new Int32Array(0) }, embeddings))[0]!.value).toBeUndefined();
  expect(await scoreRelations(undefined, embeddings)).toEqual([]);
});
