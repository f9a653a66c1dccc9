import { CATALOGUE, type Catalogue, type Dataset, ndarray, referenceBackend } from "@semblance/core";
import { expect, it } from "vitest";
import { compose } from "../compose.js";
import { scoreEmbeddings } from "./score-embeddings.js";
import { unitRows } from "./score-retrieval.js";

const catalogue = compose().resolve<Catalogue>(CATALOGUE);
const embeddings = ndarray("float64", [4, 2], [1, 0, 1, 0.1, 10, 0, 0, 10]);
const data = {
  name: "four rows",
  features: ndarray("float32", [4, 1], [0, 0, 0, 0]),
  labels: { indices: Int32Array.of(0, 1, 0, 1), names: ["a", "b"] },
};
const recall = async (divergence: string, measure: object = {}, normalise = false) => {
  const comparison = { divergence, normalise, order: "anchor-first" as const };
  const by = { backend: referenceBackend(), catalogue, comparison, weights: {} };
  return await scoreEmbeddings(catalogue, [{ name: "recall-at-k", ...measure }], data, embeddings, by);
};

it("looks for neighbours under the divergence of the loss", async () => {
  // By the dot product row 2 is nearest to rows 0 and 1; in Euclidean distance these two are, and neither is of the other's class.
  expect((await recall("negative-dot"))[0]!.value).toBe(0.75);
  expect((await recall("squared-euclidean"))[0]!.value).toBe(0.5);
  // Of unit length, rows 0 and 2 are one point.
  expect((await recall("squared-euclidean", {}, true))[0]!.value).toBe(0.75);
  expect(Array.from(unitRows(embeddings).data).slice(4)).toEqual([1, 0, 0, 1]);
});

it("takes another distance where a measure names one", async () => {
  expect((await recall("negative-dot", { distance: "squared-euclidean" }))[0]!.value).toBe(0.5);
  // Between sets alone, a divergence ranks no rows.
  expect((await recall("moment-matching"))[0]!.value).toBe(0.5);
});

it("says why there is no score where the embeddings lie outside of the domain", async () => {
  const [score] = await recall("itakura-saito");
  expect(score).toMatchObject({ name: "recall-at-k", reason: expect.stringMatching(/takes numbers above 0/) });
});

it("says what clusters would need where the scored rows have one class, or none", async () => {
  const reasonOf = async (rows: Dataset) => (await scoreEmbeddings(catalogue, [{ name: "nmi" }], rows, embeddings))[0];
  expect(await reasonOf({ ...data, labels: { indices: new Int32Array(4), names: ["a"] } })).toEqual({
    name: "nmi",
    higherIsBetter: true,
    reason: "needs clusters, as many as there are classes, and all rows are of one class",
  });
  const { labels: _, ...bare } = data;
  expect((await reasonOf(bare))?.reason).toMatch(/and four rows has no labels$/);
});
