import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ndarray } from "../../src/arrays/nd-array.js";
import { runCheck } from "../../src/checks/check.js";
import { lossChecks } from "../../src/checks/loss-checks.js";
import { createCatalogue } from "../../src/container/create-catalogue.js";
import { defineLoss, type Loss } from "../../src/contracts/loss.js";
import { definePlugin } from "../../src/contracts/plugin.js";
import type { Case } from "../../src/evaluation/case.js";
import { mean } from "../../src/functions/mean.js";
import { square } from "../../src/functions/square.js";
import { xLogY } from "../../src/functions/x-log-y.js";
import { defineHostOperator, type HostOperator } from "../../src/ir/host-operator.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { add } from "../../src/ops/add.js";
import { constant } from "../../src/ops/constant.js";
import { div } from "../../src/ops/div.js";
import { gather } from "../../src/ops/gather.js";
import { callHost } from "../../src/ops/host-call.js";
import { log } from "../../src/ops/log.js";
import { matmul } from "../../src/ops/matmul.js";
import { mul } from "../../src/ops/mul.js";
import { neg } from "../../src/ops/neg.js";
import { relu } from "../../src/ops/relu.js";
import { reshape } from "../../src/ops/reshape.js";
import { slice } from "../../src/ops/slice.js";
import { sqrt } from "../../src/ops/sqrt.js";
import { stopGradient } from "../../src/ops/stop-gradient.js";
import { sub } from "../../src/ops/sub.js";
import { sum } from "../../src/ops/sum.js";
import { transpose } from "../../src/ops/transpose.js";
import { failureCodes, failures } from "./failing-titles.js";

type Build = Loss["build"];

/** A loss of embeddings, right in everything but what a test spoils. */
const embeddingLoss = (build: Build, more: Partial<Loss> = {}): Loss =>
  defineLoss({
    name: "test/embedding",
    summary: "A loss under test.",
    config: z.strictObject({ margin: z.number().default(1).describe("a margin") }),
    inputs: {
      embeddings: { axes: ["n", "d"], type: "float", description: "embeddings of rows", differentiable: true },
      labels: { axes: ["n"], type: "int32", description: "class of each row" },
    },
    shards: "needs-gather",
    build,
    ...more,
  } as Omit<Loss, "kind">);

/** Σ of squares of a host's making; `spoil` is what the tests break. */
const energyOperator = (spoil: Partial<HostOperator<null>> = {}): HostOperator<null> =>
  defineHostOperator<null>({
    name: "test/energy",
    infer: ([x]) => [{ shape: [], dtype: x!.dtype }],
    run: ([x]) => [ndarray(x!.dtype, [], [Array.from(x!.data).reduce((total, element) => total + element ** 2, 0)])],
    vjp: ({ inputs: [x], cotangents: [dy] }) => [dy ? mul(dy, mul(x!, 2)) : null],
    ...spoil,
  });
const hostLoss = (spoil: Partial<HostOperator<null>> = {}, more: Partial<Loss> = {}) => {
  const operator = energyOperator(spoil);
  return embeddingLoss(({ embeddings }) => callHost(operator, [embeddings!], null)[0]!, more);
};

/** Squared distances of all pairs [n, n]. */
const pairs = (x: Tensor) => {
  const [n, d] = x.shape as [number, number];
  return sum(square(sub(reshape(x, [n, 1, d]), reshape(x, [1, n, d]))), { axes: [2] });
};

const failing = (loss: Loss) => failures(lossChecks(loss));
const codes = (loss: Loss) => failureCodes(lossChecks(loss));

describe("good losses pass every check", () => {
  it.each([
    ["through a host operator", hostLoss()],
    ["with a shard rule of sums", hostLoss({}, { shards: "sum" })],
    // Ten or so kinks in every drawn batch: none of them may be taken for a mistake.
    [
      "with margins",
      embeddingLoss(({ embeddings }) => mean(relu(sub(3, pairs(embeddings!)))), {
        laws: ["non-negative", "translation-invariant", "rotation-invariant"],
      }),
    ],
    ["that is constant", embeddingLoss(({ embeddings }) => mean(mul(embeddings!, 0)))],
    [
      "with what is held fixed, and says so",
      embeddingLoss(({ embeddings }) => mean(mul(embeddings!, stopGradient(embeddings!))), {
        heldFixed: "weights are constants",
      }),
    ],
    [
      "with owned weights",
      embeddingLoss(
        ({ embeddings, labels }, _, { parameters }) =>
          mean(square(sub(embeddings!, gather(parameters.proxies!, labels!, 0)))),
        {
          init: (key, _, { classes }) => ({ proxies: ndarray("float64", [classes!, 4], key.normal(4 * classes!)) }),
          laws: ["translation-invariant"],
        },
      ),
    ],
    [
      "of posteriors and a precomputed matrix",
      defineLoss({
        name: "test/posteriors",
        summary: "A loss under test.",
        config: z.strictObject({}),
        inputs: {
          posteriors: { axes: ["n", "k"], type: "float", description: "rows on the simplex", differentiable: true },
          affinity: {
            axes: ["n", "n"],
            type: "float",
            domain: "affinity",
            description: "similarities",
            optional: true,
          },
        },
        shards: "needs-gather",
        laws: ["cluster-permutation-invariant", "empty-cluster-invariant"],
        build: ({ posteriors: p, affinity }) =>
          affinity ? mean(mul(affinity, matmul(p!, transpose(p!)))) : neg(mean(sum(xLogY(p!, p!), { axes: [1] }))),
      }),
    ],
  ] as [string, Loss][])(
    "%s",
    async (_, loss) => {
      expect(await failing(loss)).toEqual({});
    },
    60_000,
  );
});

describe("a wrong gradient", () => {
  it.each([
    ["of the other sign", { vjp: ({ inputs: [x], cotangents: [dy] }) => [mul(dy!, mul(x!, -2))] }],
    ["one per cent too large", { vjp: ({ inputs: [x], cotangents: [dy] }) => [mul(dy!, mul(x!, 2.02))] }],
    [
      "of one element alone",
      {
        vjp: ({ inputs: [x], cotangents: [dy] }) => {
          const factors = Float64Array.from({ length: x!.size }, (_, at) => (at === 3 ? 2.02 : 2));
          return [mul(dy!, mul(x!, constant(ndarray(x!.dtype, x!.shape, factors))))];
        },
      },
    ],
    ["left out", { vjp: () => [null] }],
  ] as [string, Partial<HostOperator<null>>][])("%s is caught by name", async (_, spoil) => {
    expect(await failing(hostLoss(spoil))).toMatchObject({
      "gradients agree with differences": "CHECK_GRADIENT_WRONG",
    });
  });

  it("is caught beside kinks, and says where", async () => {
    const half = ({ embeddings: x }: Readonly<Record<string, Tensor>>) =>
      mean(relu(sub(3, mul(0.5, add(pairs(x!), stopGradient(pairs(x!)))))));
    const [check] = lossChecks(embeddingLoss(half)).filter(({ title }) => title.startsWith("gradients"));
    const outcome = await runCheck(check!);
    expect(outcome).toMatchObject({
      status: "failed",
      error: { code: "CHECK_GRADIENT_WRONG", where: expect.stringContaining("test/embedding") },
    });
    expect((outcome as { error: Error }).error.message).toMatch(
      /^the gradient of loss test\/embedding by embeddings, element 0, is /,
    );
  });

  it("of owned weights is caught", async () => {
    const loss = embeddingLoss(
      ({ embeddings }, _, { parameters }) =>
        add(mean(embeddings!), mean(mul(parameters.scale!, stopGradient(parameters.scale!)))),
      { init: (key) => ({ scale: ndarray("float64", [4], key.normal(4)) }) },
    );
    expect(await codes(loss)).toEqual(["CHECK_GRADIENT_WRONG"]);
  });
});

describe("a host operator that", () => {
  it("changes its inputs is caught by name", async () => {
    const run: HostOperator<null>["run"] = ([x]) => {
      const total = Array.from(x!.data).reduce((sum, element) => sum + element ** 2, 0);
      x!.data.fill(0);
      return [ndarray(x!.dtype, [], [total])];
    };
    expect(await failing(hostLoss({ run }))).toMatchObject({
      "changes no input and repeats itself on reference": "CHECK_INPUT_MUTATED",
    });
  });

  it("is not deterministic is caught by name", async () => {
    let calls = 0;
    const run: HostOperator<null>["run"] = ([x]) => [ndarray(x!.dtype, [], [calls++])];
    expect(await failing(hostLoss({ run, vjp: ({ inputs: [x] }) => [mul(x!, 0)] }))).toMatchObject({
      "changes no input and repeats itself on reference": "CHECK_NOT_DETERMINISTIC",
    });
  });

  it("gives another shape than it promised is caught", async () => {
    const run: HostOperator<null>["run"] = () => [ndarray("float64", [2], [1, 2])];
    expect(Object.values(await failing(hostLoss({ run })))).toContain("HOST_OPERATOR_MISMATCH");
  });

  it("throws what has no code is caught", async () => {
    const run: HostOperator<null>["run"] = ([x]) => {
      if (x!.shape[0]! < 2) throw new TypeError("x is not iterable");
      return energyOperator().run([x!], null) as never;
    };
    // Core gives it a code and names it: that is a refusal, for a batch that is too small.
    expect(await failing(hostLoss({ run }))).toEqual({});
  });
});

describe("a loss that", () => {
  it("is NaN on duplicates is caught by name", async () => {
    const loss = embeddingLoss(({ embeddings }) => {
      const [n] = embeddings!.shape as [number];
      const far = Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
      return mean(log(add(pairs(embeddings!), constant(ndarray(embeddings!.dtype, [n, n], far)))));
    });
    const failed = await failing(loss);
    expect(failed).toMatchObject({
      "on every row twice is finite or refused, on reference": "CHECK_NOT_FINITE",
      "on equal rows is finite or refused, on reference": "CHECK_NOT_FINITE",
    });
    expect(failed["agrees with the reference on reference"]).toBeUndefined();
  });

  it("is not a number is told once, and what depends on it is not judged", async () => {
    const loss = embeddingLoss(({ embeddings }) => mean(log(sub(0, add(1, square(embeddings!))))), {
      laws: ["non-negative"],
    });
    const failed = await failing(loss);
    expect(failed).toMatchObject({
      "agrees with the reference on reference": "CHECK_NOT_FINITE",
      "gradients agree with differences": "CHECK_NOT_JUDGED",
      "law: non-negative": "CHECK_NOT_JUDGED",
    });
  });

  it("has an infinite gradient at 0 is caught", async () => {
    const loss = embeddingLoss(({ embeddings }) => mean(sqrt(sum(square(embeddings!), { axes: [1] }))));
    expect(await failing(loss)).toMatchObject({
      "on rows of zeros is finite or refused, on reference": "CHECK_NOT_FINITE",
    });
  });

  it("reads the order of rows is caught by name, unless it says so", async () => {
    const build: Build = ({ embeddings }) =>
      mean(square(slice(embeddings!, { axis: 0, end: Math.min(2, embeddings!.shape[0]!) })));
    expect(await failing(embeddingLoss(build))).toMatchObject({ "law: row-permutation-invariant": "CHECK_LAW_BROKEN" });
    expect(
      (await failing(embeddingLoss(build, { orderedRows: true })))["law: row-permutation-invariant"],
    ).toBeUndefined();
  });

  it("is no number is caught", async () => {
    expect(await codes(embeddingLoss(({ embeddings }) => sum(embeddings!, { axes: [1] })))).toContain(
      "CHECK_SHAPE_WRONG",
    );
  });

  it("takes unknown keys, or does not describe one, is caught", async () => {
    const build: Build = ({ embeddings }) => mean(embeddings!);
    const loose = embeddingLoss(build, { config: z.object({ margin: z.number().default(1) }) as never });
    expect(await failing(loose)).toEqual({
      "its configuration refuses an unknown key": "CHECK_SCHEMA_LOOSE",
      "its configuration describes every key": "CHECK_SCHEMA_UNDESCRIBED",
    });
  });

  it("has a key without a default and no examples is told to give some", async () => {
    const config = z.strictObject({ margin: z.number().describe("a margin") });
    const build: Build = ({ embeddings }) => mean(embeddings!);
    expect(await codes(embeddingLoss(build, { config: config as never }))).toEqual(["CHECK_EXAMPLE_MISSING"]);
    expect(await codes(embeddingLoss(build, { config: config as never, examples: [{ margin: 1 }] }))).toEqual([]);
  });

  it("throws what has no code while it is built is caught", async () => {
    const loss = embeddingLoss(({ embeddings }) =>
      embeddings!.shape[0]! < 2 ? (undefined as never as Tensor[])[0]! : mean(embeddings!),
    );
    expect(await failing(loss)).toMatchObject({
      "on one row is finite or refused, on reference": "CHECK_ERROR_UNCODED",
    });
  });

  it("claims a sum over shards that it is not is caught", async () => {
    const loss = embeddingLoss(({ embeddings }) => mean(square(embeddings!)), { shards: "sum" });
    expect(await failing(loss)).toMatchObject({ "law: sum-of-shards": "CHECK_LAW_BROKEN" });
  });
});

describe("each named law is broken by something", () => {
  const posteriorLoss = (law: NonNullable<Loss["laws"]>[number], build: (p: Tensor) => Tensor) =>
    defineLoss({
      name: "test/posteriors",
      summary: "A loss under test.",
      config: z.strictObject({}),
      inputs: {
        posteriors: { axes: ["n", "k"], type: "float", description: "rows on the simplex", differentiable: true },
      },
      shards: "needs-gather",
      laws: [law],
      build: ({ posteriors }) => build(posteriors!),
    }) as Loss;
  const first = (p: Tensor) => mean(square(slice(p, { axis: 1, end: 1 })));
  const ofEmbeddings: Build = ({ embeddings }) => mean(mul(square(slice(embeddings!, { axis: 1, end: 1 })), 3));

  it.each([
    ["non-negative", posteriorLoss("non-negative", (p) => neg(first(p)))],
    ["non-positive", posteriorLoss("non-positive", first)],
    ["cluster-permutation-invariant", posteriorLoss("cluster-permutation-invariant", first)],
    ["empty-cluster-invariant", posteriorLoss("empty-cluster-invariant", (p) => mean(square(p)))],
    ["zero-when-independent", posteriorLoss("zero-when-independent", first)],
    ["repetition-invariant", posteriorLoss("repetition-invariant", (p) => sum(square(p)))],
    ["row-shift-invariant", embeddingLoss(ofEmbeddings, { laws: ["row-shift-invariant"] })],
    ["translation-invariant", embeddingLoss(ofEmbeddings, { laws: ["translation-invariant"] })],
    ["rotation-invariant", embeddingLoss(ofEmbeddings, { laws: ["rotation-invariant"] })],
    [
      "label-renaming-invariant",
      embeddingLoss(
        ({ embeddings, labels }) => {
          const ranks = constant(ndarray(embeddings!.dtype, [3], [0, 1, 4]));
          return mean(mul(sum(embeddings!, { axes: [1] }), gather(ranks, labels!, 0)));
        },
        { laws: ["label-renaming-invariant"] },
      ),
    ],
    [
      "at most one",
      posteriorLoss(
        {
          name: "at most one",
          check: async ({ evaluate }) => ((await evaluate()).value <= 1 ? undefined : "it is more"),
        },
        (p) => div(add(2, first(p)), 1),
      ),
    ],
  ] as [string, Loss][])("%s", async (law, loss) => {
    const checks = lossChecks(loss).filter(({ title }) => title.startsWith("law: "));
    expect(await failures(checks)).toEqual({ [`law: ${law}`]: "CHECK_LAW_BROKEN" });
  });
});

it("cases in the contract's format are compared on every backend", async () => {
  const loss = embeddingLoss(({ embeddings }) => mean(square(embeddings!)));
  const plugin = definePlugin({
    name: "cases",
    version: "1.0.0",
    core: "*",
    register: (registry) => registry.add(loss),
  });
  const embeddings = { shape: [1, 2], data: [3, 4] };
  const item = (id: string, value: number): Case => ({
    id,
    kind: "loss",
    name: loss.name,
    config: {},
    inputs: { embeddings, labels: { shape: [1], data: [0] } },
    expected: { value, gradients: { embeddings } },
  });
  const checks = lossChecks(loss, {
    catalogue: createCatalogue([plugin]),
    cases: [item("right", 12.5), item("wrong", 12)],
  });
  expect(await failures(checks.filter(({ title }) => title.startsWith("case ")))).toEqual({
    "case wrong on reference": "CHECK_VALUE_WRONG",
  });
  expect(checks.map(({ title }) => title)).toContain("case right on reference");
});
