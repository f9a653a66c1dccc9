import { readdirSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { isFloat } from "../src/arrays/dtype.js";
import { ndarray } from "../src/arrays/nd-array.js";
import { checkGradients } from "../src/checks/check-gradients.js";
import { drawInputs, type OpCase } from "../src/checks/op-cases/op-case.js";
import { opCases } from "../src/checks/op-cases.js";
import type { AnyOp, Vjp } from "../src/ir/define-op.js";
import type { Tensor } from "../src/ir/tensor.js";
import { exp, expOp } from "../src/ops/exp.js";
import { type OpName, ops } from "../src/ops/index.js";
import { matmul, matmulOp } from "../src/ops/matmul.js";
import { mul } from "../src/ops/mul.js";
import { neg } from "../src/ops/neg.js";
import { stopGradient } from "../src/ops/stop-gradient.js";
import { transpose, transposeOp } from "../src/ops/transpose.js";
import { Key } from "../src/random/key.js";

const entries = Object.entries(opCases) as [OpName, readonly OpCase[]][];

/** Why an operator with a derivative has none checked by differences. */
const UNCHECKED: Partial<Record<OpName, string>> = {
  // Rounding to float32 makes steps a hundred times larger than the difference: see cast.test.ts.
  cast: "changes precision",
};

const smoothCases = (name: OpName) => opCases[name].filter(({ differentiable }) => differentiable.length > 0);

/** The first or both derivatives of a case, against central differences. */
const check = (name: OpName, subject: OpCase, order: 1 | 2) =>
  checkGradients((...inputs) => subject.build(inputs, "float64"), drawInputs(name, subject, "float64"), {
    wrt: subject.differentiable,
    order,
    name: `${name} ${subject.name}`,
  });

describe("the table of primitives", () => {
  const files = readdirSync(new URL("../src/ops", import.meta.url))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "index.ts")
    .map((file) => file.replace(/\.ts$/, ""));
  const kebab = (name: string) => name.replace(/NaN/g, "Nan").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

  it("holds every file of src/ops and nothing else", () => {
    expect(Object.keys(ops).map(kebab).sort()).toEqual(files.sort());
  });

  it.each(Object.entries(ops))("%s stands under its own name, exported by its file", async (name, op) => {
    expect(op.name).toBe(name);
    const module = await import(`../src/ops/${kebab(name)}.ts`);
    expect(module[`${name}Op`]).toBe(op);
  });

  it.each(entries)("%s has cases of different names, for every type that it takes", (name, cases) => {
    expect(cases.length).toBeGreaterThan(0);
    expect(new Set(cases.map((each) => each.name)).size).toBe(cases.length);
    for (const each of cases) expect(each.dtypes.length, `${name} ${each.name}`).toBeGreaterThan(0);
    const op: AnyOp = ops[name];
    if (op.vjp === "none" || UNCHECKED[name]) return;
    expect(smoothCases(name).length, "differentiable cases").toBeGreaterThan(0);
  });
});

describe("derivatives of first and second order", () => {
  for (const [name] of entries) {
    if (UNCHECKED[name]) continue;
    for (const subject of smoothCases(name)) {
      it(`${name}: ${subject.name}`, () => check(name, subject, 2));
    }
  }
});

/** Ways in which a rule is wrong by accident; each gets one of its cotangents. */
const mistakes: Readonly<Record<string, (cotangent: Tensor) => Tensor | null>> = {
  "with its sign turned": neg,
  "one per cent too large": (cotangent) => mul(cotangent, 1.01),
  "left out": () => null,
};

/** Runs `body` while the derivative of an operator is another one. */
async function withRule(op: AnyOp, rule: Vjp<unknown>, body: () => Promise<void>): Promise<void> {
  const spy = vi.spyOn(op as { vjp: Vjp<unknown> }, "vjp").mockImplementation(rule);
  try {
    await body();
  } finally {
    spy.mockRestore();
  }
}

describe("a wrong rule is caught", () => {
  for (const [name] of entries) {
    const op: AnyOp = ops[name];
    const right = op.vjp;
    // The rule of a host call belongs to its operator: see grad.test.ts.
    if (right === "none" || name === "hostCall" || UNCHECKED[name]) continue;
    const positions = new Set(smoothCases(name).flatMap(({ differentiable }) => differentiable));
    for (const position of positions) {
      it.each(Object.entries(mistakes))(`${name}: cotangent ${position} %s`, async (_, mistake) => {
        const wrong: Vjp<unknown> = (context) =>
          right(context).map((cotangent, at) => (at === position && cotangent ? mistake(cotangent) : cotangent));
        const telling = smoothCases(name).filter(
          ({ differentiable, inputs }) =>
            differentiable.includes(position) && inputs.every(({ shape }) => !shape.includes(0)),
        );
        let caught = false;
        await withRule(op, wrong, async () => {
          for (const subject of telling) {
            caught = await check(name, subject, 1).then(
              () => false,
              (error: { code?: string }) => error.code === "GRADIENT_WRONG",
            );
            if (caught) break;
          }
        });
        expect(caught).toBe(true);
      });
    }
  }

  it("matmul: factors not transposed, on square matrices where the shapes do not tell", async () => {
    const [a, b] = [Key.fromSeed(1), Key.fromSeed(2)].map((key) => ndarray("float64", [3, 3], key.normal(9)));
    const wrong: Vjp<unknown> = ({ inputs: [x, y], dy }) => [matmul(dy, y!), matmul(x!, dy)];
    await checkGradients(matmul, [a!, b!]);
    await expect(withRule(matmulOp, wrong, () => checkGradients(matmul, [a!, b!]))).rejects.toMatchObject({
      code: "GRADIENT_WRONG",
      where: expect.stringContaining("input 0, element 0 of [3, 3]"),
    });
  });

  it("transpose: the permutation not inverted", async () => {
    const x = ndarray("float64", [2, 2, 2], Key.fromSeed(1).normal(8));
    const f = (tensor: Tensor) => transpose(tensor, [1, 2, 0]);
    await checkGradients(f, [x]);
    const wrong: Vjp<unknown> = ({ dy }) => [transpose(dy, [1, 2, 0])];
    await expect(withRule(transposeOp, wrong, () => checkGradients(f, [x]))).rejects.toMatchObject({
      code: "GRADIENT_WRONG",
    });
  });

  it("exp: right at first and wrong at second order", async () => {
    const x = ndarray("float64", [3], [0.1, -0.4, 0.9]);
    // The value of the rule is right; what it is made of is not.
    const wrong: Vjp<unknown> = ({ y, dy }) => [mul(dy, stopGradient(y))];
    await withRule(expOp, wrong, () => checkGradients(exp, [x], { order: 1 }));
    await expect(withRule(expOp, wrong, () => checkGradients(exp, [x], { order: 2 }))).rejects.toMatchObject({
      code: "GRADIENT_WRONG",
      message: expect.stringContaining("second derivative"),
    });
  });

  it("leaves the rules as they were", () => {
    for (const [name] of entries) {
      const op: AnyOp = ops[name];
      expect(vi.isMockFunction(op.vjp), name).toBe(false);
    }
  });
});

it("a case's inputs marked as differentiable are floating-point ones", () => {
  for (const [name, cases] of entries) {
    for (const { name: title, inputs, differentiable, dtypes } of cases) {
      for (const position of differentiable) {
        expect(inputs[position]?.dtype, `${name}: ${title}`).toBe("T");
        expect(dtypes.some(isFloat), `${name}: ${title}`).toBe(true);
      }
    }
  }
});
