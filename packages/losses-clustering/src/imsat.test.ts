import { expect, it } from "vitest";
import { drawLogits, evaluate, softmaxRows } from "../test/evaluate.js";

const imsat = async (inputs: Parameters<typeof evaluate>[1], keys: object = {}) =>
  (await evaluate({ name: "clustering/imsat", ...keys }, inputs)).value;
const p = softmaxRows(drawLogits(1, 7, 3));
const q = softmaxRows(drawLogits(2, 7, 3));

it("is the formula in loops", async () => {
  const pi = p[0]!.map((_, k) => p.reduce((sum, row) => sum + row[k]!, 0) / 7);
  let plain = 0;
  p.forEach((row, i) => {
    row.forEach((x, k) => {
      plain += (-x * Math.log(x / pi[k]!) + 0.5 * x * (Math.log(x) - Math.log(q[i]![k]!))) / 7;
    });
  });
  plain += 0.3 * pi.reduce((sum, share) => sum + share * Math.log(share), 0);
  expect(await imsat({ posteriors: p, perturbed: q }, { vatWeight: 0.5, entropyWeight: 0.3 })).toBeCloseTo(plain, 13);
});

it("is minus the mutual information where nothing was perturbed, and never less than that", async () => {
  const still = await imsat({ posteriors: p, perturbed: p });
  expect(still).toBeCloseTo(await imsat({ posteriors: p, perturbed: q }, { vatWeight: 0 }), 13);
  expect(await imsat({ posteriors: p, perturbed: q })).toBeGreaterThan(still);
});

it("does not see empty clusters, in value and gradients", async () => {
  const widened = (rows: number[][]) => rows.map((row) => [...row, 0]);
  const [bare, beside] = [
    await evaluate({ name: "clustering/imsat" }, { posteriors: p, perturbed: q }),
    await evaluate({ name: "clustering/imsat" }, { posteriors: widened(p), perturbed: widened(q) }),
  ];
  expect(beside.value).toBeCloseTo(bare.value, 13);
  for (const name of ["posteriors", "perturbed"]) {
    const kept = [...beside.gradients[name]!.data].filter((_, at) => at % 4 < 3);
    kept.forEach((slope, at) => expect(slope).toBeCloseTo(bare.gradients[name]!.data[at]!, 13));
  }
});

it("refuses another number of clusters than it was configured for", async () => {
  await expect(imsat({ posteriors: p, perturbed: q }, { clusters: 4 })).rejects.toMatchObject({
    code: "CLUSTERS_MISMATCH",
  });
});
