import { ndarray } from "../../arrays/nd-array.js";
import { gradients } from "../../ir/grad.js";
import type { Tensor } from "../../ir/tensor.js";
import { add } from "../../ops/add.js";
import { constant } from "../../ops/constant.js";
import { mul } from "../../ops/mul.js";
import { sum } from "../../ops/sum.js";
import { referenceBackend } from "../../reference/reference-backend.js";
import { compareSlopes } from "../compare-slopes.js";
import { groupOf } from "../entry-checks.js";
import {
  drawBatch,
  initOf,
  type ModelSubject,
  modelProgram,
  PARAMETER,
  rowOutputs,
  weightsOf,
} from "./model-subject.js";

/**
 * A drawn sum of all outputs, differentiated by every weight that is trained, against differences in float64.
 *
 * @throws CheckFailedError CHECK_GRADIENT_WRONG, CHECK_GRADIENT_UNTESTED
 */
export async function checkModelGradients(subject: ModelSubject): Promise<void> {
  const { model, config, key } = subject;
  const running = model.running?.(config) ?? [];
  const weights = weightsOf(initOf(subject), "float64");
  const moving = Object.keys(weights).filter((name) => !running.includes(name.slice(PARAMETER.length)));
  const feeds = { ...drawBatch(subject, "float64", 4), ...weights };
  const project = (outputs: Record<string, Tensor>) =>
    Object.entries(outputs)
      .map(([name, tensor]) => {
        const drawn = key.fold("project").fold(name).normal(tensor.size);
        return sum(mul(tensor, constant(ndarray("float64", tensor.shape, drawn))));
      })
      .reduce((total, part) => add(total, part));
  const backend = referenceBackend();
  try {
    const values = modelProgram(subject, feeds, true, (outputs) => ({ value: project(rowOutputs(outputs)) }));
    const derivatives = modelProgram(subject, feeds, true, (outputs, tensors) => {
      const slopes = gradients(
        project(rowOutputs(outputs)),
        moving.map((name) => tensors[name.slice(PARAMETER.length)]!),
      );
      return Object.fromEntries(moving.map((name, at) => [name, slopes[at]!]));
    });
    await compareSlopes({
      what: groupOf(model),
      where: `${groupOf(model)} with ${JSON.stringify(config)}`,
      valueOf: await backend.compile(values),
      feeds,
      moving,
      gradients: await (await backend.compile(derivatives)).run(feeds),
      key,
      fix: "Correct the vjp of the host operator that it is made of.",
    });
  } finally {
    await backend.dispose();
  }
}
