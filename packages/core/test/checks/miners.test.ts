import { describe, expect, it } from "vitest";
import { z } from "zod";
import { minerChecks } from "../../src/checks/miner-checks.js";
import { createCatalogue } from "../../src/container/create-catalogue.js";
import { defineDivergence } from "../../src/contracts/divergence.js";
import { defineMiner, type Miner } from "../../src/contracts/miner.js";
import { definePlugin } from "../../src/contracts/plugin.js";
import { pairwiseDistances } from "../../src/functions/pairwise.js";
import { failures } from "./failing-titles.js";

const euclidean = defineDivergence({
  name: "euclidean",
  summary: "Distance, for tests.",
  config: z.strictObject({}),
  matrix: (x, y) => pairwiseDistances(x, y),
});
const catalogue = createCatalogue([
  definePlugin({ name: "test", version: "1.0.0", core: "*", register: (registry) => registry.add(euclidean) }),
]);

/** Every triplet. */
const every: NonNullable<Miner["triplets"]> = ({ rows, labels }, _, keep) => {
  for (let a = 0; a < rows; a++) {
    for (let p = 0; p < rows; p++) {
      if (p === a || labels[a] !== labels[p]) continue;
      for (let n = 0; n < rows; n++) if (labels[n] !== labels[a]) keep(a, p, n);
    }
  }
};
const miner = (spoil: Partial<Miner>) =>
  defineMiner({
    name: "test-miner",
    summary: "All triplets, under test.",
    config: z.strictObject({}),
    comparison: () => ({ divergence: "euclidean", normalise: true, order: "anchor-first" }),
    triplets: every,
    ...spoil,
  } as Omit<Miner, "kind">);
const failing = (spoil: Partial<Miner>) => failures(minerChecks(miner(spoil), { catalogue }));

describe("a miner", () => {
  it("that is right passes every check", async () => {
    expect(await failing({})).toEqual({});
  });

  it("that takes an anchor for its positive is caught", async () => {
    const triplets: Miner["triplets"] = ({ rows, labels }, _, keep) => {
      for (let a = 0; a < rows; a++) for (let n = 0; n < rows; n++) if (labels[n] !== labels[a]) keep(a, a, n);
    };
    expect(await failing({ triplets })).toMatchObject({
      "on a usual batch chooses legal tuples, twice the same": "CHECK_VALUE_WRONG",
    });
  });

  it("that names other gaps than those of its triplets is caught", async () => {
    const all = { above: Number.NEGATIVE_INFINITY, upTo: Number.POSITIVE_INFINITY };
    expect(await failing({ gaps: () => all })).toEqual({});
    expect(await failing({ gaps: () => ({ ...all, upTo: 0 }) })).toEqual({
      "its gaps say what its triplets say": "CHECK_VALUE_WRONG",
    });
  });

  it("that orders classes by their numbers is caught", async () => {
    const triplets: Miner["triplets"] = (batch, config, keep) =>
      every(batch, config, (a, p, n) => batch.labels[n]! > batch.labels[a]! && keep(a, p, n));
    expect(await failing({ triplets })).toEqual({
      "does not hang on how classes are numbered": "CHECK_VALUE_WRONG",
    });
  });

  it("that draws behind the batch's back, or spoils it, is caught", async () => {
    let calls = 0;
    const drawing: Miner["triplets"] = (batch, config, keep) => {
      calls += 1;
      every(batch, config, (a, p, n) => (a + calls) % 2 === 0 && keep(a, p, n));
    };
    expect(Object.values(await failing({ triplets: drawing }))).toContain("CHECK_VALUE_WRONG");
    const spoiling: Miner["triplets"] = (batch, config, keep) => {
      (batch.divergences as Float64Array).fill(0);
      every(batch, config, keep);
    };
    expect(Object.values(await failing({ triplets: spoiling }))).toContain("CHECK_INPUT_MUTATED");
  });

  it("that compares by a divergence which is not there is caught", async () => {
    const comparison: Miner["comparison"] = () => ({ divergence: "euclid", normalise: false, order: "both" });
    expect(await failing({ comparison })).toEqual({ "compares by a divergence that there is": "NAME_UNKNOWN" });
    const [check] = minerChecks(miner({ comparison }), { catalogue }).filter(({ title }) =>
      title.startsWith("compares"),
    );
    await expect(check!.run()).rejects.toMatchObject({ fix: expect.stringContaining("`catalogue` of these checks") });
  });

  it("that chooses nothing at all is caught by that alone", async () => {
    expect(await failing({ triplets: undefined })).toEqual({ "chooses triplets or pairs": "CHECK_VALUE_WRONG" });
  });
});
