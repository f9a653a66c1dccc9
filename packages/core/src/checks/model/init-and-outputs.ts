import { isFloat } from "../../arrays/dtype.js";
import { showShape, sizeOf, zerosArray } from "../../arrays/nd-array.js";
import { referenceBackend } from "../../reference/reference-backend.js";
import { requireCoded, requireThat } from "../assertions.js";
import { CheckFailedError } from "../check.js";
import { groupOf } from "../entry-checks.js";
import { runOnce } from "../run-once.js";
import { sameBytes } from "../watch-host-operators.js";
import { drawBatch, initOf, type ModelSubject, modelProgram, rowOutputs, weightsOf } from "./model-subject.js";

/** Weights are finite floats that fill their shapes, the same for a key and others for another; running ones are among them. */
export async function checkInit(subject: ModelSubject): Promise<void> {
  const { model, config } = subject;
  const where = groupOf(model);
  const first = initOf(subject);
  for (const [name, { dtype, shape, data }] of Object.entries(first)) {
    requireThat(
      isFloat(dtype) && data.length === sizeOf(shape),
      "CHECK_SHAPE_WRONG",
      `the weights "${name}" are ${dtype}${showShape(shape)} with ${data.length} numbers`,
      { where, fix: 'Make weights with ndarray("float64", shape, numbers).' },
    );
    requireThat(
      data.every((weight) => Number.isFinite(weight)),
      "CHECK_NOT_FINITE",
      `a weight of "${name}" is not finite`,
      { where },
    );
  }
  const again = initOf(subject);
  const same = (other: typeof first) =>
    Object.keys(other).join() === Object.keys(first).join() &&
    Object.entries(first).every(([name, array]) => sameBytes(array, other[name]!));
  requireThat(same(again), "CHECK_NOT_DETERMINISTIC", `${where} makes other weights for the same key`, {
    where,
    fix: "Draw every weight from the key, by name.",
  });
  requireThat(
    Object.keys(first).length === 0 || !same(initOf(subject, 1)),
    "CHECK_VALUE_WRONG",
    `${where} does not read its key`,
    { where },
  );
  for (const name of model.running?.(config) ?? []) {
    requireThat(Object.hasOwn(first, name), "CHECK_VALUE_WRONG", `"${name}" is called running and is no weight`, {
      where,
    });
  }
}

/** Outputs are [n, outputs] or [n, d] in the type of the data, posteriors rows of probabilities, running statistics like their weights. */
export async function checkOutputs(subject: ModelSubject): Promise<void> {
  const { model, config, shape } = subject;
  const where = groupOf(model);
  const parameters = initOf(subject);
  for (const float of ["float32", "float64"] as const) {
    for (const training of [true, false]) {
      const feeds = { ...drawBatch(subject, float), ...weightsOf(parameters, float) };
      const program = modelProgram(subject, feeds, training, (outputs) => {
        const running = Object.entries(outputs.running ?? {});
        const names = model.running?.(config) ?? [];
        for (const [name, tensor] of running) {
          requireThat(
            names.includes(name) && tensor.shape.join() === parameters[name]?.shape.join(),
            "CHECK_SHAPE_WRONG",
            `the running statistic "${name}" is ${tensor}, and its weights are ${showShape(parameters[name]?.shape ?? [])}`,
            { where, fix: "Name it in `running`, and keep its shape." },
          );
        }
        return rowOutputs(outputs);
      });
      requireThat(
        Object.keys(program.outputs).length > 0,
        "CHECK_SHAPE_WRONG",
        `${where} gives neither logits nor posteriors nor embeddings`,
        { where },
      );
      for (const [name, tensor] of Object.entries(program.outputs)) {
        const right =
          tensor.rank === 2 &&
          tensor.shape[0] === shape.rows &&
          (name === "embeddings" || tensor.shape[1] === shape.outputs);
        requireThat(
          right && tensor.dtype === float,
          "CHECK_SHAPE_WRONG",
          `${name} are ${tensor.dtype}${showShape(tensor.shape)}, not ${float}[${shape.rows}, ${name === "embeddings" ? "d" : shape.outputs}]`,
          { where, fix: "Give one row for each item, as wide as the head that was asked for." },
        );
      }
      const { posteriors } = await runOnce(referenceBackend(), program, feeds);
      for (let row = 0; posteriors && row < shape.rows; row++) {
        const probabilities = Array.from(posteriors.data.subarray(row * shape.outputs, (row + 1) * shape.outputs));
        const total = probabilities.reduce((sum, p) => sum + p, 0);
        requireThat(
          probabilities.every((p) => p >= 0) && Math.abs(total - 1) < 1e-5,
          "CHECK_VALUE_WRONG",
          `the posteriors of row ${row} sum to ${total}: ${probabilities.join(", ")}`,
          { where, fix: "Take the softmax of the logits." },
        );
      }
    }
  }
}

/** Items of another shape than the weights were made for either work or are refused with a code; so is making weights for them. */
export async function checkForeignItems(subject: ModelSubject): Promise<void> {
  const { shape, model } = subject;
  const parameters = initOf(subject);
  const { item } = shape;
  const others = [[...item, 2], item.slice(1), item.map((extent) => extent + 1), item.map(() => 0)];
  for (const other of others) {
    const attempts: readonly (readonly [string, () => unknown])[] = [
      [
        `applying weights for ${showShape(item)} to items ${showShape(other)}`,
        () => {
          const data = zerosArray("float64", [shape.rows, ...other]);
          const feeds = { ...drawBatch(subject, "float64"), data, ...weightsOf(parameters, "float64") };
          return modelProgram(subject, feeds, false, rowOutputs);
        },
      ],
      [
        `making weights for items ${showShape(other)}`,
        () => model.init(subject.key, { ...shape, item: other }, subject.config),
      ],
    ];
    for (const [what, attempt] of attempts) {
      try {
        attempt();
      } catch (error) {
        if (error instanceof CheckFailedError) throw error;
        requireCoded(error, `${groupOf(model)}: ${what}`);
      }
    }
  }
}
