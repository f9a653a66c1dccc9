import { buildContext, Key, ndarray, referenceBackend, spec, trace } from "@semblance/core";
import { runOnce } from "@semblance/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { average, catalogue, dot, drawBatch, evaluate, type LabelledRows, squaredDistance, unit } from "./evaluate.js";

const sizes = fc.record({
  seed: fc.nat(1e6),
  n: fc.integer({ min: 1, max: 9 }),
  d: fc.integer({ min: 2, max: 6 }),
  classes: fc.integer({ min: 2, max: 5 }),
});
const always = (law: (batch: Required<LabelledRows>) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(sizes, (size) => law(drawBatch(size))),
    { seed: 67, numRuns: 25 },
  );
const valueOf = async (name: string, config: object, batch: LabelledRows) =>
  (await evaluate({ name: `metric/${name}`, ...config }, batch)).value;

/** −log softmax(logits)[own] in plain numbers. */
const surprise = (logits: readonly number[], own: number) =>
  Math.log(logits.reduce((total, logit) => total + Math.exp(logit - logits[own]!), 0));

describe("losses against proxies are their formulas", () => {
  it("proxy-nca", () =>
    always(async (batch) => {
      const { embeddings, labels, proxies } = batch;
      const squares = embeddings.map((x) => proxies.map((p) => 1.5 * squaredDistance(unit(x), unit(p))));
      const excluded = squares.map((row, i) => {
        const others = row.filter((_, k) => k !== labels[i]);
        return row[labels[i]!]! + Math.log(others.reduce((total, square) => total + Math.exp(-square), 0));
      });
      const included = squares.map((row, i) =>
        surprise(
          row.map((square) => -square),
          labels[i]!,
        ),
      );
      expect(await valueOf("proxy-nca", { scale: 1.5 }, batch)).toBeCloseTo(average(excluded), 11);
      expect(await valueOf("proxy-nca", { scale: 1.5, ownProxy: "included" }, batch)).toBeCloseTo(
        average(included),
        11,
      );
    }));

  it("proxy-anchor", () =>
    always(async (batch) => {
      const { embeddings, labels, proxies } = batch;
      const [alpha, margin] = [7, 0.2];
      const present = [...new Set(labels)].length;
      let [pull, push] = [0, 0];
      proxies.forEach((p, k) => {
        const similarities = embeddings.map((x) => dot(unit(x), unit(p)));
        const positive = similarities.filter((_, i) => labels[i] === k);
        const negative = similarities.filter((_, i) => labels[i] !== k);
        pull += Math.log(1 + positive.reduce((sum, s) => sum + Math.exp(-alpha * (s - margin)), 0)) / present;
        push += Math.log(1 + negative.reduce((sum, s) => sum + Math.exp(alpha * (s + margin)), 0)) / proxies.length;
      });
      expect(await valueOf("proxy-anchor", { alpha, margin }, batch)).toBeCloseTo(pull + push, 10);
    }));

  it("arcface, by the arccosine", () =>
    always(async (batch) => {
      const { embeddings, labels, proxies } = batch;
      const m = (50 * Math.PI) / 180;
      const terms = embeddings.map((x, i) => {
        const logits = proxies.map((p, k) => {
          const cosine = dot(unit(x), unit(p));
          if (k !== labels[i]) return 6 * cosine;
          const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
          return 6 * (angle > Math.PI - m ? cosine - m * Math.sin(m) : Math.cos(angle + m));
        });
        return surprise(logits, labels[i]!);
      });
      expect(await valueOf("arcface", { margin: 50, scale: 6 }, batch)).toBeCloseTo(average(terms), 9);
    }));

  it("center", () =>
    always(async (batch) => {
      const { embeddings, labels, proxies } = batch;
      const terms = embeddings.map((x, i) => squaredDistance(x, proxies[labels[i]!]!) / 2);
      expect(await valueOf("center", {}, batch)).toBeCloseTo(average(terms), 11);
    }));
});

describe("losses against proxies", () => {
  it("are one without a margin: arcface, cosface, normalised softmax, and proxy-nca with its own proxy", () =>
    always(async (batch) => {
      const softmax = await valueOf("normalised-softmax", { temperature: 1 / 6 }, batch);
      expect(await valueOf("arcface", { margin: 0, scale: 6 }, batch)).toBeCloseTo(softmax, 11);
      expect(await valueOf("cosface", { margin: 0, scale: 6 }, batch)).toBeCloseTo(softmax, 11);
      // ‖u − p‖² = 2 − 2u·p of unit vectors.
      expect(await valueOf("proxy-nca", { scale: 3, ownProxy: "included" }, batch)).toBeCloseTo(softmax, 11);
    }));

  it("arcface grows with the own angle up to 180 degrees", async () => {
    const proxies = [
      [1, 0],
      [0, 1],
    ];
    let last = Number.NEGATIVE_INFINITY;
    // The other class stays as far: its own angle is held by turning away from both.
    for (let degrees = 0; degrees <= 180; degrees += 5) {
      const angle = (-degrees * Math.PI) / 180;
      const x = [[Math.cos(angle), 0, Math.sin(angle)]];
      const flat = proxies.map(([a, b]) => [a!, b!, 0]);
      const value = await valueOf("arcface", { margin: 60, scale: 4 }, { embeddings: x, labels: [0], proxies: flat });
      expect(value).toBeGreaterThan(last);
      last = value;
    }
  });

  it("have finite gradients where a row coincides with its proxy, is opposite to it, or is 0", async () => {
    const proxies = [
      [1, 0, 0],
      [0, 2, 0],
    ];
    const batch = {
      proxies,
      labels: [0, 0, 0, 1],
      embeddings: [
        ...[
          [3, 0, 0],
          [-1, 0, 0],
          [0, 0, 0],
        ],
        [0, 1, 0],
      ],
    };
    for (const name of ["proxy-nca", "proxy-anchor", "arcface", "cosface", "normalised-softmax", "center"]) {
      const { value, gradients, parameterGradients } = await evaluate({ name: `metric/${name}` }, batch);
      for (const number of [value, ...gradients.embeddings!.data, ...parameterGradients.proxies!.data]) {
        expect(number, name).toSatisfy(Number.isFinite);
      }
    }
  });

  it("proxy-nca has nothing to compare with a single proxy, its own: exactly 0", async () => {
    const batch = {
      proxies: [[1, 2]],
      labels: [0, 0],
      embeddings: [
        [1, 0],
        [0, 3],
      ],
    };
    const { value, gradients, parameterGradients } = await evaluate({ name: "metric/proxy-nca" }, batch);
    expect([value, ...gradients.embeddings!.data, ...parameterGradients.proxies!.data].map(Math.abs)).toEqual(
      new Array(7).fill(0),
    );
  });

  it("draw their proxies from N(0, 1), proxy-anchor from N(0, 2/C), and center starts at 0", () => {
    const facts = { rows: 9, classes: 50, width: 40 };
    const deviation = (name: string) => {
      const { entry, config } = catalogue.choose("loss", `metric/${name}`);
      const { data, shape } = entry.init!(Key.fromSeed(3), config, facts).proxies!;
      expect(shape).toEqual([50, 40]);
      return Math.sqrt(average(Array.from(data, (value) => value * value)));
    };
    for (const name of ["proxy-nca", "arcface", "cosface", "normalised-softmax"]) {
      expect(deviation(name)).toBeGreaterThan(0.95);
      expect(deviation(name)).toBeLessThan(1.05);
    }
    expect(deviation("proxy-anchor") / Math.sqrt(2 / 50)).toBeGreaterThan(0.95);
    expect(deviation("proxy-anchor") / Math.sqrt(2 / 50)).toBeLessThan(1.05);
    expect(deviation("center")).toBe(0);
  });
});

describe("center", () => {
  it("gives its centres no gradient", () =>
    always(async (batch) => {
      const { parameterGradients } = await evaluate({ name: "metric/center" }, batch);
      expect(Array.from(parameterGradients.proxies!.data, Math.abs).every((slope) => slope === 0)).toBe(true);
    }));

  it("moves centres by α·Σ(c − x)/(1 + n), and leaves those without rows", () =>
    always(async ({ embeddings, labels, proxies }) => {
      const { entry, config } = catalogue.choose("loss", { name: "metric/center", alpha: 0.3 });
      expect(entry.running!(config)).toEqual(["proxies"]);
      const arrays = {
        x: ndarray("float64", [embeddings.length, embeddings[0]!.length], embeddings.flat()),
        y: ndarray("int32", [labels.length], labels),
        c: ndarray("float64", [proxies.length, proxies[0]!.length], proxies.flat()),
      };
      const program = trace({
        name: "advance",
        inputs: Object.fromEntries(
          Object.entries(arrays).map(([name, { dtype, shape }]) => [name, spec(dtype, shape)]),
        ),
        build: ({ x, y, c }) => ({
          outputs: {
            ...entry.advance!({ embeddings: x!, labels: y! }, config, buildContext(catalogue, { proxies: c! })),
          },
        }),
      });
      const moved = Array.from((await runOnce(referenceBackend(), program, arrays)).proxies!.data);
      const expected = proxies.flatMap((centre, k) => {
        const rows = embeddings.filter((_, i) => labels[i] === k);
        return centre.map(
          (value, at) => value - (0.3 * rows.reduce((sum, row) => sum + value - row[at]!, 0)) / (1 + rows.length),
        );
      });
      moved.forEach((value, at) => {
        expect(value).toBeCloseTo(expected[at]!, 12);
      });
    }));
});

describe("losses against proxies refuse", () => {
  const batch = {
    embeddings: [[1, 2]],
    labels: [0],
    proxies: [
      [1, 0],
      [0, 1],
    ],
  };
  it.each(["proxy-nca", "proxy-anchor", "arcface", "cosface", "normalised-softmax", "center"])("%s", async (name) => {
    const refused = (changed: Partial<LabelledRows>) => expect(valueOf(name, {}, { ...batch, ...changed })).rejects;
    await refused({ labels: [2] }).toMatchObject({ code: "INDEX_OUT_OF_RANGE" });
    await refused({ labels: [-1] }).toMatchObject({ code: "INDEX_OUT_OF_RANGE" });
    await refused({ proxies: [[1, 0, 0]] }).toMatchObject({ code: "PROXIES_INVALID" });
    await expect(valueOf(name, {}, { embeddings: batch.embeddings, labels: [0] })).rejects.toMatchObject({
      code: "PROXIES_INVALID",
    });
    const { entry, config } = catalogue.choose("loss", `metric/${name}`);
    expect(() => entry.init!(Key.fromSeed(0), config, { rows: 3, width: 2 })).toThrowError(
      expect.objectContaining({ code: "PROXIES_UNKNOWN" }),
    );
  });
});
