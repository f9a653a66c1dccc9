import { type NdArray, ndarray, takeRows } from "../../arrays/nd-array.js";
import type { Arrays, Backend } from "../../contracts/backend.js";
import { resultsOf } from "../../ir/program.js";
import { topologicalOrder } from "../../ir/tensor.js";
import { referenceBackend } from "../../reference/reference-backend.js";
import { requireThat } from "../assertions.js";
import { differenceOf } from "../difference.js";
import { groupOf } from "../entry-checks.js";
import { runOnce } from "../run-once.js";
import { sameBytes, watchHostOperators } from "../watch-host-operators.js";
import { drawBatch, initOf, type ModelSubject, modelProgram, rowOutputs, weightsOf } from "./model-subject.js";

const TOLERANCE = { float32: 1e-4, float64: 1e-9 } as const;
/** Sums of one row may be added in another order when it stands alone. */
const APART = { float32: 1e-5, float64: 1e-10 } as const;

const infer = (subject: ModelSubject, feeds: Arrays) => modelProgram(subject, feeds, false, rowOutputs);

/** Outside of training, what a model says of a row does not depend on the rows beside it, nor on how many there are. */
export async function checkRowsApart(subject: ModelSubject, backend: Backend): Promise<void> {
  const { float } = backend;
  const batch = drawBatch(subject, float);
  const weights = weightsOf(initOf(subject), float);
  const together = await runOnce(backend, infer(subject, { ...batch, ...weights }), { ...batch, ...weights });
  for (const rows of [[0], [3, 1], [...Array(subject.shape.rows).keys()].reverse()]) {
    const part = Object.fromEntries(Object.entries(batch).map(([name, array]) => [name, takeRows(array, rows)]));
    const apart = await runOnce(backend, infer(subject, { ...part, ...weights }), { ...part, ...weights });
    for (const [name, array] of Object.entries(apart)) {
      const difference = differenceOf(array, takeRows(together[name]!, rows), { tolerance: APART[float] });
      requireThat(
        difference === undefined,
        "CHECK_LAW_BROKEN",
        `${name} of rows ${rows.join(", ")} depend on the rows beside them: ${difference}`,
        {
          where: `${groupOf(subject.model)} on ${backend.name}`,
          fix: "Outside of training, use running statistics instead of the batch's.",
        },
      );
    }
  }
}

/** The same numbers as the float64 reference, twice the same bytes, and host operators that change nothing. */
export async function checkAgrees(subject: ModelSubject, backend: Backend): Promise<void> {
  const { float } = backend;
  const where = `${groupOf(subject.model)} on ${backend.name}`;
  const feeds: Record<string, NdArray> = { ...drawBatch(subject, float), ...weightsOf(initOf(subject), float) };
  const watched = watchHostOperators(infer(subject, feeds));
  const got = await runOnce(backend, watched.program, feeds);
  watched.report();
  const again = await runOnce(backend, infer(subject, feeds), feeds);
  const wide = Object.fromEntries(
    Object.entries(feeds).map(([name, array]) => [
      name,
      array.dtype === "float32" ? ndarray("float64", array.shape, array.data) : array,
    ]),
  );
  const expected = await runOnce(referenceBackend(), infer(subject, wide), wide);
  for (const [name, array] of Object.entries(got)) {
    requireThat(sameBytes(array, again[name]!), "CHECK_NOT_DETERMINISTIC", `${name} differ when run again`, { where });
    const difference = differenceOf(array, expected[name]!, { tolerance: TOLERANCE[float] });
    requireThat(difference === undefined, "CHECK_VALUE_WRONG", `${name}: ${difference}`, { where });
  }
}

/** Inference is one graph of primitives in float32, which is what an ONNX file can hold. */
export async function checkExportable(subject: ModelSubject): Promise<void> {
  const feeds = { ...drawBatch(subject, "float32"), ...weightsOf(initOf(subject), "float32") };
  const host = topologicalOrder(resultsOf(infer(subject, feeds))).find(({ op }) => op.name === "hostCall");
  requireThat(
    host === undefined,
    "CHECK_NOT_EXPORTABLE",
    `${groupOf(subject.model)} calls a host operator outside of training`,
    {
      where: groupOf(subject.model),
      fix: "Make inference of primitives: a file for other runtimes cannot hold JavaScript.",
    },
  );
}
