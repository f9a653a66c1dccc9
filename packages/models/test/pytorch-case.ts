import { readFileSync } from "node:fs";
import {
  type Arrays,
  add,
  constant,
  createCatalogue,
  type FloatDType,
  gradients,
  Key,
  logSumExp,
  type Model,
  mean,
  mul,
  ndarray,
  neg,
  oneHot,
  type Program,
  sizeOf,
  spec,
  sum,
  type Tensor,
  trace,
} from "@semblance/core";
import { modelsPlugin } from "../src/models-plugin.js";

/** [Σ aᵢ, Σ aᵢ², Σ aᵢ cos i] of an array. */
type Digest = readonly [number, number, number];

/** What PyTorch made of one network in float64; the file says how weights and data are drawn. */
export interface PytorchCase {
  readonly model: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly item: readonly number[];
  readonly rows: number;
  readonly outputs: number;
  readonly loss: number;
  readonly logits: readonly number[];
  readonly inference: readonly number[];
  readonly gradients: Readonly<Record<string, Digest>>;
  readonly running: Readonly<Record<string, Digest>>;
}

const fixture = new URL("./fixtures/pytorch-networks.json", import.meta.url);
export const pytorchCases: readonly PytorchCase[] = JSON.parse(readFileSync(fixture, "utf8")).cases;

export function digest(data: ArrayLike<number>): Digest {
  const total = [0, 0, 0] as [number, number, number];
  for (let i = 0; i < data.length; i++) {
    total[0] += data[i]!;
    total[1] += data[i]! ** 2;
    total[2] += data[i]! * Math.cos(i);
  }
  return total;
}

const wave = (length: number, parameter: number) =>
  Float64Array.from({ length }, (_, i) => Math.sin(0.37 * (i % 997) * (i % 997) + i + parameter));

/** The weights of the fixture's formula, in the order in which the model makes its own. */
function drawnWeights(model: Model, config: unknown, shape: Parameters<Model["init"]>[1]): Arrays {
  const own = Object.entries(model.init(Key.fromSeed(0), shape, config));
  return Object.fromEntries(
    own.map(([name, { shape: extents }], parameter) => {
      const fanIn = extents.length === 2 ? extents[0]! : sizeOf(extents.slice(1));
      const drawn = wave(sizeOf(extents), parameter).map((s) => {
        if (extents.length > 1) return s * Math.sqrt(3 / fanIn);
        return name.endsWith(".scale") || name.endsWith(".variance") ? 1 + 0.3 * s : 0.1 * s;
      });
      return [name, ndarray("float64", extents, drawn)];
    }),
  );
}

/** The case as a program: loss, logits in training and outside of it, gradients and running statistics by name. */
export function pytorchProgram(
  { model: name, config: keys, item, rows, outputs }: PytorchCase,
  float: FloatDType,
): { program: Program; feeds: Arrays } {
  const { entry, config } = createCatalogue([modelsPlugin]).choose("model", { name, ...keys });
  const shape = { item, outputs, rows };
  const rounded = (array: Arrays[string]) => ndarray(float, array.shape, array.data);
  const weights = Object.fromEntries(
    Object.entries(drawnWeights(entry, config, shape)).map(([own, array]) => [own, rounded(array)]),
  );
  const data = ndarray(float, [rows, ...item], wave(rows * sizeOf(item), -1));
  const still = new Set(entry.running?.(config) ?? []);
  const program = trace({
    name,
    inputs: {
      data: spec(float, data.shape),
      ...Object.fromEntries(Object.entries(weights).map(([own, array]) => [own, spec(float, array.shape)])),
    },
    build(inputs) {
      const { data: x, ...parameters } = inputs as Record<string, Tensor>;
      const indices = constant(ndarray("int32", [rows], new Int32Array(rows)));
      const apply = (training: boolean) => entry.apply(parameters, x!, config, { ...shape, training, indices });
      const { logits, running } = apply(true);
      const labels = constant(
        ndarray(
          "int32",
          [rows],
          Int32Array.from({ length: rows }, (_, row) => row % outputs),
        ),
      );
      const chosen = sum(mul(logits!, oneHot(labels, outputs, float)), { axes: [1] });
      const loss = mean(add(logSumExp(logits!, { axes: [1] }), neg(chosen)));
      const names = Object.keys(parameters).filter((own) => !still.has(own));
      const slopes = gradients(
        loss,
        names.map((own) => parameters[own]!),
      );
      const byName = Object.fromEntries(names.map((own, at) => [`gradient/${own}`, slopes[at]!]));
      return { outputs: { loss, logits: logits!, inference: apply(false).logits!, ...byName, ...running } };
    },
  });
  return { program, feeds: { data, ...weights } };
}
