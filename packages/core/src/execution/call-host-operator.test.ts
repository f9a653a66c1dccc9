import { expect, it } from "vitest";
import { ndarray } from "../arrays/nd-array.js";
import { DataError } from "../errors.js";
import { defineHostOperator } from "../ir/host-operator.js";
import { spec, trace } from "../ir/program.js";
import { callHost } from "../ops/host-call.js";
import { referenceBackend } from "../reference/reference-backend.js";

const failing = (error: Error) =>
  defineHostOperator<null>({
    name: "fails",
    infer: ([x]) => [x!],
    run() {
      throw error;
    },
    vjp: () => [null],
  });

async function run(error: Error): Promise<void> {
  const operator = failing(error);
  const program = trace({
    name: "calls",
    inputs: { x: spec("float64", [2]) },
    build: ({ x }) => ({ outputs: { y: callHost(operator, [x!], null)[0]! } }),
  });
  const executable = await referenceBackend().compile(program);
  try {
    await executable.run({ x: ndarray("float64", [2], [1, 2]) });
  } finally {
    await executable.dispose();
  }
}

it("names the operator that failed, and keeps the advice of an error that has some", async () => {
  await expect(run(new DataError("ROW_BAD", "row 3 is bad", { fix: "Leave it out." }))).rejects.toMatchObject({
    code: "HOST_OPERATOR_FAILED",
    message: 'host operator "fails" failed: row 3 is bad',
    where: 'host operator "fails" in program "calls"',
    fix: "Leave it out.",
  });
  await expect(run(new RangeError("out of it"))).rejects.toMatchObject({
    code: "HOST_OPERATOR_FAILED",
    message: 'host operator "fails" failed: out of it',
    fix: undefined,
  });
});
