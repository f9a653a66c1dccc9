import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NdArray, ndarray } from "../src/arrays/nd-array.js";
import { drawnProgram } from "../src/checks/backend/drawn-program.js";
import { defineHostOperator } from "../src/ir/host-operator.js";
import { mergeCommonSubexpressions } from "../src/ir/passes/common-subexpressions.js";
import { foldConstants } from "../src/ir/passes/fold-constants.js";
import { optimise, passes } from "../src/ir/passes/optimise.js";
import { simplify } from "../src/ir/passes/simplify.js";
import { type Program, resultsOf, spec, trace } from "../src/ir/program.js";
import { type Tensor, topologicalOrder } from "../src/ir/tensor.js";
import { verify } from "../src/ir/verify.js";
import { add } from "../src/ops/add.js";
import { constant, scalar } from "../src/ops/constant.js";
import { div } from "../src/ops/div.js";
import { exp } from "../src/ops/exp.js";
import { expand } from "../src/ops/expand.js";
import { callHost } from "../src/ops/host-call.js";
import { identity } from "../src/ops/identity.js";
import { mul } from "../src/ops/mul.js";
import { neg } from "../src/ops/neg.js";
import { pad } from "../src/ops/pad.js";
import { reshape } from "../src/ops/reshape.js";
import { stopGradient } from "../src/ops/stop-gradient.js";
import { sum } from "../src/ops/sum.js";
import { transpose } from "../src/ops/transpose.js";
import { evaluate } from "../src/reference/evaluate.js";

/** The results of a program as it stands: the reference backend would optimise it first. */
function interpret(program: Program, feeds: ReadonlyMap<Tensor, NdArray>): NdArray[] {
  const values = new Map(feeds);
  for (const tensor of topologicalOrder(resultsOf(program))) {
    if (!values.has(tensor))
      values.set(
        tensor,
        evaluate(
          tensor,
          tensor.inputs.map((read) => values.get(read)!),
        ),
      );
  }
  return resultsOf(program).map((tensor) => values.get(tensor)!);
}

/** Every bit, −0 and all; any NaN is as good as another. */
const bits = (arrays: readonly NdArray[]) =>
  arrays.map(({ dtype, shape, data }) => [
    dtype,
    shape,
    Array.from(data, (element) => (Object.is(element, -0) ? "-0" : element)),
  ]);

describe("passes on drawn programs", () => {
  // fast-check shrinks the list of choices, and with it the program.
  const choices = fc.array(fc.nat(100_000), { minLength: 8, maxLength: 40 });

  it("change no bit of any result, and keep the program well formed", () => {
    const seen = new Set<string>();
    let smaller = 0;
    fc.assert(
      fc.property(choices, (drawn) => {
        const { program, feeds } = drawnProgram(drawn);
        verify(program, "as drawn");
        const expected = bits(interpret(program, feeds));
        let current = program;
        for (const [name, pass] of Object.entries(passes)) {
          current = pass(current);
          verify(current, `after ${name}`);
          expect(bits(interpret(current, feeds)), name).toEqual(expected);
        }
        const [before, after] = [program, current].map((each) => topologicalOrder(resultsOf(each)));
        for (const { op } of before!) seen.add(op.name);
        // Copies are added where results would become one tensor or a leaf; nothing else may be.
        expect(after!.length).toBeLessThanOrEqual(before!.length + resultsOf(program).length);
        const computed = (tensors: readonly Tensor[]) => tensors.filter(({ op }) => op.name !== "identity").length;
        if (computed(after!) < computed(before!)) smaller++;
        // Once more changes nothing more than copies.
        expect(bits(interpret(optimise(current, { check: true }), feeds))).toEqual(expected);
      }),
      { numRuns: 400, seed: 20_260_103 },
    );
    // The drawing is worth its time only if it meets most primitives and gives the passes something to do.
    expect(seen.size).toBeGreaterThan(50);
    expect(smaller).toBeGreaterThan(100);
  });
});

const V2 = spec("float64", [2]);
const one = (build: (x: Tensor) => Tensor | readonly Tensor[]) =>
  trace({
    name: "p",
    inputs: { x: V2 },
    build: ({ x }) => {
      const built = build(x);
      const results = Array.isArray(built) ? (built as readonly Tensor[]) : [built as Tensor];
      return { outputs: Object.fromEntries(results.map((result, at) => [`y${at}`, result])) };
    },
  });
/** The operators of a program in order. */
const operators = (program: Program) => topologicalOrder(resultsOf(program)).map(({ op }) => op.name);

describe("merging common subexpressions", () => {
  it("computes once what is computed alike", () => {
    const program = one((x) => mul(add(exp(neg(x)), 1), add(exp(neg(x)), 1)));
    expect(operators(mergeCommonSubexpressions(program))).toEqual(["input", "neg", "exp", "constant", "add", "mul"]);
  });

  it("keeps apart what differs in attributes, types or the sign of zero", () => {
    const kept = (build: (x: Tensor) => readonly Tensor[]) =>
      resultsOf(mergeCommonSubexpressions(one(build))).filter(({ op }) => op.name !== "identity").length;
    expect(kept((x) => [sum(x, { keepDims: true }), sum(x)])).toBe(2);
    const padded = (value: number) => (x: Tensor) => pad(x, { before: [1], after: [0], value });
    const fillings = [0, -0, Infinity, -Infinity, Number.NaN, 1];
    expect(kept((x) => fillings.map((value) => padded(value)(x)))).toBe(6);
    expect(kept((x) => [padded(-Infinity)(x), padded(-Infinity)(x)])).toBe(1);
    expect(kept((x) => [add(x, scalar(0, "float64")), add(x, scalar(-0, "float64"))])).toBe(2);
    expect(kept((x) => [add(x, constant(ndarray("float64", [1], [3]))), add(x, scalar(3, "float64"))])).toBe(2);
    expect(kept((x) => [add(x, scalar(Number.NaN, "float64")), add(x, scalar(Number.NaN, "float64"))])).toBe(1);
  });

  it("does not compare constants of many elements", () => {
    const large = () => constant(ndarray("float64", [65, 1], new Float64Array(65)));
    const program = mergeCommonSubexpressions(one((x) => [add(x, large()), add(x, large())]));
    expect(operators(program).filter((name) => name === "constant").length).toBe(2);
  });

  it("gives results that become one a tensor each", () => {
    const program = mergeCommonSubexpressions(one((x) => [exp(x), exp(x)]));
    verify(program);
    expect(operators(program)).toEqual(["input", "exp", "identity"]);
  });

  it("does not merge two calls of a host operator", () => {
    // It may be costly but never twins: each call is its own.
    const host = defineHostOperator<null>({ name: "test/host", infer: ([x]) => [x!], run: ([x]) => [x!] });
    const program = mergeCommonSubexpressions(
      one((x) => add(callHost(host, [x], null)[0]!, callHost(host, [x], null)[0]!)),
    );
    expect(operators(program).filter((name) => name === "hostCall").length).toBe(2);
  });
});

describe("folding constants", () => {
  it("computes what no input takes part in", () => {
    const program = foldConstants(
      one((x) => add(x, mul(exp(scalar(0, "float64")), neg(constant(ndarray("float64", [2], [1, 2])))))),
    );
    expect(operators(program)).toEqual(["input", "constant", "add"]);
    expect(interpret(program, new Map([[program.inputs.x!, ndarray("float64", [2], [10, 20])]]))[0]!.data).toEqual(
      Float64Array.of(9, 18),
    );
  });

  it("leaves large results and repetition to the backend", () => {
    const program = foldConstants(
      one((x) => [
        add(expand(scalar(1, "float64"), [2]), x),
        sum(add(constant(ndarray("float64", [16385], new Float64Array(16385))), 1)),
      ]),
    );
    expect(operators(program)).toContain("expand");
    expect(operators(program).filter((name) => name === "add").length).toBe(2);
  });

  it("gives a result that becomes a constant a tensor of its own", () => {
    const program = foldConstants(one(() => neg(scalar(1, "float64"))));
    verify(program);
    expect(operators(program)).toEqual(["constant", "identity"]);
  });
});

describe("simplifying", () => {
  const simplified = (build: (x: Tensor) => Tensor | readonly Tensor[]) => {
    const program = simplify(one(build));
    verify(program);
    return operators(program);
  };

  it.each([
    ["copies and stopped gradients", (x: Tensor) => neg(identity(stopGradient(identity(x)))), ["input", "neg"]],
    ["products and quotients with 1", (x: Tensor) => neg(div(mul(1, mul(x, 1)), 1)), ["input", "neg"]],
    ["products with a repeated 1", (x: Tensor) => neg(mul(x, expand(scalar(1, "float64"), [2]))), ["input", "neg"]],
    [
      "transposes that undo each other",
      (x: Tensor) => neg(transpose(transpose(reshape(x, [2, 1])))),
      ["input", "reshape", "neg"],
    ],
    ["reshapes that undo each other", (x: Tensor) => neg(reshape(reshape(x, [1, 2]), [2])), ["input", "neg"]],
    ["repetition before broadcasting", (x: Tensor) => add(expand(sum(x), [2]), x), ["input", "sum", "add"]],
    ["repetition of a repetition", (x: Tensor) => expand(expand(x, [1, 2]), [3, 2]), ["input", "expand"]],
  ])("removes %s", (_, build, expected) => {
    expect(simplified(build)).toEqual(expected);
  });

  it("composes any two permutations in the right order", () => {
    const permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]; // biome-ignore format: a list
    const cube = ndarray(
      "float64",
      [2, 3, 4],
      Array.from({ length: 24 }, (_, at) => at),
    );
    for (const first of permutations) {
      for (const second of permutations) {
        const program = trace({
          name: "p",
          inputs: { x: spec("float64", [2, 3, 4]) },
          build: ({ x }) => ({ outputs: { y: neg(transpose(transpose(x, first), second)) } }),
        });
        const feeds = new Map([[program.inputs.x!, cube]]);
        const simpler = simplify(program);
        expect(bits(interpret(simpler, feeds))).toEqual(bits(interpret(program, feeds)));
        expect(operators(simpler).filter((name) => name === "transpose").length).toBeLessThan(2);
      }
    }
  });

  it("keeps what has an effect", () => {
    // The 1 has a shape of its own, which the product takes.
    expect(simplified((x) => mul(sum(x), constant(ndarray("float64", [2], [1, 1]))))).toContain("mul");
    expect(simplified((x) => mul(x, constant(ndarray("float64", [2], [1, 2]))))).toContain("mul");
    expect(simplified((x) => add(expand(sum(x), [2]), expand(sum(x), [2])))).toContain("expand");
    expect(simplified((x) => mul(x, constant(ndarray("float64", [0, 1], []))))).toContain("mul");
  });

  it("copies a result that becomes an input", () => {
    expect(simplified((x) => [mul(x, 1), identity(stopGradient(x))])).toEqual(["input", "identity", "identity"]);
  });
});

describe("all passes", () => {
  it("drop what no result depends on", () => {
    const program = one((x) => {
      exp(exp(x));
      return neg(x);
    });
    expect(operators(optimise(program, { check: true }))).toEqual(["input", "neg"]);
  });

  it("leave the program that they are given as it was", () => {
    const program = one((x) => mul(add(x, 0), add(x, 0)));
    const before = operators(program);
    optimise(program);
    expect(operators(program)).toEqual(before);
  });

  it("keep carries apart that become alike, or become an input", () => {
    const program = trace({
      name: "p",
      inputs: {},
      carries: { a: V2, b: V2, c: V2 },
      build: (_, { a, b }) => ({ outputs: { y: mul(b, 1) }, carries: { a: add(a, b), b: add(a, b), c: mul(b, 1) } }),
    });
    const optimised = optimise(program, { check: true });
    expect(new Set(resultsOf(optimised)).size).toBe(4);
  });
});
