import { describe, expect, it } from "vitest";
import { add } from "../ops/add.js";
import { sum } from "../ops/sum.js";
import { resultsOf, spec, trace } from "./program.js";
import { verify } from "./verify.js";

const V2 = spec("float32", [2]);

describe("trace", () => {
  it("makes every result a tensor of its own", () => {
    const program = trace({
      name: "copies",
      inputs: { x: V2 },
      carries: { a: V2, b: V2 },
      build: ({ x }, { a, b }) => ({ outputs: { x, again: x, a }, carries: { a: b, b: a } }),
    });
    const results = resultsOf(program);
    expect(new Set(results).size).toBe(5);
    expect(results.every(({ op }) => op.name === "identity")).toBe(true);
    verify(program);
  });

  it("keeps a carry that is left out", () => {
    const program = trace({ name: "kept", inputs: {}, carries: { a: V2 }, build: () => ({ outputs: {} }) });
    expect(program.carries.a!.next.inputs).toEqual([program.carries.a!.input]);
  });

  it("refuses a carry that would change", () => {
    const changing = () =>
      trace({
        name: "p",
        inputs: {},
        carries: { a: V2 },
        build: (_, { a }) => ({ outputs: {}, carries: { a: sum(a) } }),
      });
    expect(changing).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: carry "a" enters as float32[2] and would leave as float32[]]`,
    );
    expect(changing).toThrow(expect.objectContaining({ code: "CARRY_MISMATCH", where: 'program "p"' }));
  });

  it("refuses a name that is an input and a carry", () => {
    const repeated = () => trace({ name: "p", inputs: { a: V2 }, carries: { a: V2 }, build: () => ({ outputs: {} }) });
    expect(repeated).toThrow(expect.objectContaining({ code: "NAME_REPEATED" }));
  });

  it("refuses a carry that nobody declared", () => {
    const unknown = () =>
      trace({
        name: "p",
        inputs: {},
        carries: { weight: V2 },
        build: (_, { weight }) => ({ outputs: {}, carries: { weigth: add(weight, 1) } as never }),
      });
    expect(unknown).toThrow(
      expect.objectContaining({ code: "CARRY_UNKNOWN", message: expect.stringContaining("weigth") }),
    );
  });

  it("refuses a result that is no tensor", () => {
    for (const result of [undefined, 3, { shape: [2], dtype: "float32" }]) {
      const wrong = () => trace({ name: "p", inputs: {}, build: () => ({ outputs: { y: result as never } }) });
      expect(wrong).toThrow(expect.objectContaining({ code: "NOT_A_TENSOR", message: expect.stringContaining('"y"') }));
    }
  });

  it("does not see later changes of a shape", () => {
    const shape = [2];
    const described = spec("float32", shape);
    shape[0] = 5;
    expect(described.shape).toEqual([2]);
  });
});
