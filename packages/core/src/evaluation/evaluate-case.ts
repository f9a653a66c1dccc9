import type { Catalogue } from "../container/catalogue.js";
import type { Backend } from "../contracts/backend.js";
import type { MeasureInputs } from "../contracts/measure.js";
import { ConfigError, DataError } from "../errors.js";
import { type Case, isArray } from "./case.js";
import { evaluateDistance } from "./evaluate-distance.js";
import { evaluateDivergence } from "./evaluate-divergence.js";
import { evaluateKernel } from "./evaluate-kernel.js";
import { evaluateLoss } from "./evaluate-loss.js";
import { evaluateMiner } from "./evaluate-miner.js";
import { evaluateTransport } from "./evaluate-transport.js";
import { type NumberArray, toArray } from "./named-arrays.js";

/** What came of a case, in the form of its expectation. */
export interface CaseResult {
  /** Of a loss: what is minimised. */
  readonly value?: number;
  /** Of a loss: its value in the literature's sign. */
  readonly score?: number;
  readonly matrix?: NumberArray;
  readonly gradients?: Readonly<Record<string, NumberArray | Readonly<Record<string, NumberArray>>>>;
  /** [t, 3] and [p, 2], in ascending order. */
  readonly triplets?: NumberArray;
  readonly pairs?: NumberArray;
  readonly probabilities?: NumberArray;
}

/** The kinds that can be evaluated. */
export const EVALUABLE_KINDS = [
  "loss",
  "divergence",
  "kernel",
  "distance",
  "miner",
  "measure",
  "optimal-transport",
] as const;

/**
 * Evaluates a case: the named thing of its kind, with its configuration, on its arrays.
 *
 * Gradients are computed for those inputs that the case expects them for, and for all differentiable ones where it expects none.
 *
 * @throws ConfigError KIND_NOT_EVALUABLE; DataError CASE_INPUT_INVALID; and what the evaluation of its kind throws.
 */
export async function evaluateCase(
  item: Case,
  { catalogue, backend }: { readonly catalogue: Catalogue; readonly backend: Backend },
): Promise<CaseResult> {
  const reference = { ...item.config, name: item.name };
  switch (item.kind) {
    case "loss": {
      const { parameters, inputs } = splitInputs(item);
      const expected = item.expected?.gradients;
      const { parameterGradients, ...result } = await evaluateLoss({
        catalogue,
        backend,
        loss: reference,
        inputs,
        parameters,
        ...(expected ? { gradients: Object.keys(expected).filter((name) => name !== "parameters") } : {}),
      });
      if (Object.keys(parameters).length === 0) return result;
      return { ...result, gradients: { ...result.gradients, parameters: parameterGradients } };
    }
    case "kernel":
      return { matrix: await evaluateKernel({ catalogue, backend, kernel: reference, data: required(item, "data") }) };
    case "distance":
      return {
        matrix: await evaluateDistance({ catalogue, backend, distance: reference, data: required(item, "data") }),
      };
    case "divergence": {
      const { parameters, inputs } = splitInputs(item);
      return await evaluateDivergence({ catalogue, backend, divergence: reference, inputs, parameters });
    }
    case "miner": {
      const { embeddings, labels, noise } = splitInputs(item).inputs;
      return await evaluateMiner({
        catalogue,
        backend,
        miner: reference,
        embeddings: embeddings ?? required(item, "embeddings"),
        labels: labels ?? required(item, "labels"),
        ...(noise && { noise }),
      });
    }
    case "measure": {
      const { entry, config } = catalogue.choose("measure", reference);
      return { value: entry.compute(measureInputs(item), config) };
    }
    case "optimal-transport": {
      const arrays = { first: required(item, "first"), second: required(item, "second"), cost: required(item, "cost") };
      return { value: evaluateTransport({ catalogue, solver: reference, ...arrays }) };
    }
    default:
      throw new ConfigError("KIND_NOT_EVALUABLE", `a ${item.kind} cannot be evaluated by this version`, {
        where: `case "${item.id}"`,
        fix: `Kinds that can be: ${EVALUABLE_KINDS.join(", ")}.`,
      });
  }
}

function splitInputs(item: Case) {
  const inputs: Record<string, NumberArray> = {};
  let parameters: Readonly<Record<string, NumberArray>> = {};
  for (const [name, value] of Object.entries(item.inputs)) {
    if (isArray(value)) inputs[name] = value;
    else if (name === "parameters") parameters = value;
    else throw invalidInput(item, name);
  }
  return { inputs, parameters };
}

function required(item: Case, name: string): NumberArray {
  const value = item.inputs[name];
  if (!value || !isArray(value)) throw invalidInput(item, name);
  return value;
}

/** Labels as plain vectors, everything else as float64 arrays. */
function measureInputs(item: Case): MeasureInputs {
  const vectors = ["truth", "predicted", "labels", "galleryLabels"];
  return Object.fromEntries(
    Object.keys(item.inputs).map((name) => {
      const where = `case "${item.id}", input "${name}"`;
      const value = required(item, name);
      return [name, vectors.includes(name) ? toArray("int32", value, where).data : toArray("float64", value, where)];
    }),
  );
}

function invalidInput(item: Case, name: string): DataError {
  return new DataError("CASE_INPUT_INVALID", `input "${name}" is missing or no array`, {
    where: `case "${item.id}"`,
    fix: `Pass "${name}": { "shape": [...], "data": [...] }.`,
  });
}
