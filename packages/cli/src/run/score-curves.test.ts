import { expect, it } from "vitest";
import type { EpochScores } from "./read-metrics.js";
import { scoreCurvesOf } from "./score-curves.js";

it("takes measures that share a scale, epochs counted from 1, and none of a single epoch", () => {
  const evaluations: EpochScores[] = [
    { epoch: 4, scores: { ari: -0.01, "used-clusters": 7 } },
    { epoch: 9, scores: { ari: 0.9, "used-clusters": 10, late: 0.5 } },
  ];
  expect(scoreCurvesOf({ evaluations, scoredOn: "the 5 rows of the test part" })).toEqual({
    lines: [
      {
        name: "ari",
        points: [
          { epoch: 5, score: -0.01 },
          { epoch: 10, score: 0.9 },
        ],
      },
    ],
    note: "Of the 5 rows of the test part.",
  });
  expect(scoreCurvesOf({ evaluations: evaluations.slice(0, 1), scoredOn: "rows" })).toBeUndefined();
  expect(scoreCurvesOf({ evaluations: [], scoredOn: "rows" })).toBeUndefined();
});

it("puts the curve first that an epoch was chosen by, with the epoch", () => {
  const scores = [0.5, 0.7, 0.6].map((score, epoch) => ({ epoch, score }));
  const validation = { measure: "map-at-r", kept: 1, scores };
  const alone = scoreCurvesOf({ evaluations: [], scoredOn: "rows", validation })!;
  expect(alone.kept).toBe(2);
  expect(alone.lines).toEqual([
    { name: "map-at-r, validation", points: scores.map(({ epoch, score }) => ({ epoch: epoch + 1, score })) },
  ]);
  expect(alone.note).not.toContain("The others");
  const evaluations = [0, 1].map((epoch) => ({ epoch, scores: { nmi: 0.1 } }));
  const both = scoreCurvesOf({ evaluations, scoredOn: "rows", validation })!;
  expect(both.lines.map(({ name }) => name)).toEqual(["map-at-r, validation", "nmi"]);
  expect(both.note).toContain("The others are of rows.");
  expect(
    scoreCurvesOf({ evaluations: [], scoredOn: "rows", validation: { ...validation, scores: scores.slice(0, 1) } }),
  ).toBeUndefined();
});
