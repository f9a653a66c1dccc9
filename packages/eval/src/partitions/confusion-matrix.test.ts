import { expect, it } from "vitest";
import { confusionMatrix } from "./confusion-matrix.js";

it("puts matched pairs on the diagonal and clusters without a class last", () => {
  const truth = [5, 5, 5, 5, -1, -1, -1, 2, 2, 2];
  const predicted = [10, 10, 10, 40, 40, 40, 30, 30, 30, 20];
  expect(confusionMatrix(truth, predicted)).toEqual({
    classes: [-1, 2, 5],
    clusters: [40, 30, 10, 20],
    counts: [
      [2, 1, 0, 0],
      [0, 2, 0, 1],
      [1, 0, 3, 0],
    ],
    matchedClass: [-1, 2, 5, undefined],
  });
});

it("keeps every class when there are more of them than clusters", () => {
  const { classes, clusters, counts } = confusionMatrix([0, 1, 2, 2], [7, 7, 7, 7]);
  expect([classes, clusters, counts]).toEqual([[0, 1, 2], [7], [[1], [1], [2]]]);
});

it("refuses empty labels", () => {
  expect(() => confusionMatrix([], [])).toThrow(expect.objectContaining({ code: "INPUT_EMPTY" }));
});
