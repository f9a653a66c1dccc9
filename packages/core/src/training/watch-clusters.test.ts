import { describe, expect, it } from "vitest";
import { watchClusters } from "./watch-clusters.js";

describe("watchClusters", () => {
  it.each([
    [[5, 5], undefined],
    [[9.9, 0.1], undefined],
    [[9.95, 0.05], "COLLAPSED"],
    [[10, 0, 0], "COLLAPSED"],
    [[6, 4, 0], "DEAD_CLUSTERS"],
    [[6, 3.99, 0.01], undefined],
    [[10], undefined],
    [[], undefined],
  ])("%j over ten batches: %s", (sums, code) => {
    expect(watchClusters({ sums, count: 10 })?.code).toBe(code);
  });

  it("says nothing before there was a batch, and how many clusters are dead after", () => {
    expect(watchClusters({ sums: [], count: 0 })).toBeUndefined();
    expect(watchClusters({ sums: [5, 5, 0, 0], count: 10 })?.message).toContain("2 of 4 clusters");
  });
});
