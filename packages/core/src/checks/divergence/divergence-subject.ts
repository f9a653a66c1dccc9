import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import { bindKernel } from "../../container/bind-affinity.js";
import type { Catalogue } from "../../container/catalogue.js";
import type { Backend } from "../../contracts/backend.js";
import type { ArgumentDomain, Divergence, DivergenceContext } from "../../contracts/divergence.js";
import type { ParameterArrays } from "../../contracts/parameters.js";
import { gradients } from "../../ir/grad.js";
import type { Tensor } from "../../ir/tensor.js";
import { exp } from "../../ops/exp.js";
import { sigmoid } from "../../ops/sigmoid.js";
import { sum } from "../../ops/sum.js";
import { Key } from "../../random/key.js";
import { referenceBackend } from "../../reference/reference-backend.js";
import { type ExampleConfig, groupOf, settled } from "../entry-checks.js";
import { runFunction } from "../run-function.js";

export const [ROWS, OTHERS] = [6, 4];
const [WIDTH, SETS, POINTS] = [3, 3, 4];

/** How free numbers become legal ones. */
const INTO: Readonly<Record<ArgumentDomain, (free: Tensor) => Tensor>> = {
  real: (free) => free,
  "non-negative": exp,
  positive: exp,
  unit: sigmoid,
  "open-unit": sigmoid,
};

/** A divergence with one of its configurations, and legal rows and sets to compare by it. */
export interface DivergenceSubject {
  readonly entry: Divergence;
  readonly example: ExampleConfig;
  readonly config: unknown;
  readonly group: string;
  readonly cx: (parameters: readonly Tensor[]) => DivergenceContext;
  parameters(): Promise<ParameterArrays>;
  /** Drawn rows [rows, d] that are legal for an argument, the same for the same name. */
  draw(argument: "first" | "second", rows: number): Promise<NdArray>;
  drawSets(argument: "first" | "second"): Promise<NdArray>;
  /** All pairs of rows, or of sets where only sets are compared, on the reference backend unless another is given. */
  compare(first: NdArray, second: NdArray, backend?: Backend): Promise<NdArray>;
  paired(first: NdArray, second: NdArray): Promise<NdArray>;
  compareSets(first: NdArray, second: NdArray, firstMask?: NdArray): Promise<NdArray>;
  /** The matrix and its gradients, by name. */
  slopes(first: NdArray, second: NdArray): Promise<Readonly<Record<string, NdArray>>>;
  build(first: Tensor, second: Tensor, parameters: readonly Tensor[]): Tensor;
  buildSets(first: Tensor, second: Tensor, parameters: readonly Tensor[]): Tensor;
}

export function divergenceSubject(entry: Divergence, example: ExampleConfig, catalogue: Catalogue): DivergenceSubject {
  const config = () => settled(entry, example);
  const key = Key.fromSeed(20_261_125).fold(entry.name);
  const parameters = () => entry.init?.(key.fold("parameters"), config(), { width: WIDTH }) ?? {};
  const cx = (tensors: readonly Tensor[]): DivergenceContext => ({
    parameters: Object.fromEntries(Object.keys(parameters()).map((name, at) => [name, tensors[at]!])),
    kernel: (reference) => bindKernel(catalogue, reference),
    monitor: () => {},
  });
  const legal = async (argument: "first" | "second", free: NdArray) =>
    (await runFunction(INTO[entry.domain?.[argument] ?? "real"], [free]))[0]!;
  const build = (x: Tensor, y: Tensor, owned: readonly Tensor[]) => entry.matrix!(x, y, config(), cx(owned));
  const buildSets = (x: Tensor, y: Tensor, owned: readonly Tensor[]) =>
    entry.sets!({ points: x }, { points: y }, config(), cx(owned));
  const weightsAs = (dtype: NdArray["dtype"]) =>
    Object.values(parameters()).map(({ shape, data }) => ndarray(dtype, shape, data));
  /** Rows that are one array are one tensor: what a batch is compared with is the batch. */
  const run = async (
    f: (x: Tensor, y: Tensor, owned: readonly Tensor[]) => Tensor | readonly Tensor[],
    x: NdArray,
    y: NdArray,
    backend?: Backend,
  ) => {
    const weights = weightsAs(x.dtype);
    return x === y
      ? await runFunction((a, ...owned) => f(a!, a!, owned), [x, ...weights], backend)
      : await runFunction((a, b, ...owned) => f(a!, b!, owned), [x, y, ...weights], backend);
  };
  return {
    entry,
    example,
    group: groupOf(entry),
    get config() {
      return config();
    },
    cx,
    parameters: async () => parameters(),
    draw: (argument, rows) =>
      legal(argument, ndarray("float64", [rows, WIDTH], key.fold(argument).normal(rows * WIDTH))),
    drawSets: (argument) =>
      legal(
        argument,
        ndarray("float64", [SETS, POINTS, WIDTH], key.fold(`${argument} sets`).normal(SETS * POINTS * WIDTH)),
      ),
    async compare(x, y, backend = referenceBackend()) {
      if (entry.matrix) return (await run(build, x, y, backend))[0]!;
      // Rows stand for sets of one point where only sets are compared.
      const sets = ({ dtype, shape, data }: NdArray) =>
        shape.length === 3 ? { dtype, shape, data } : { dtype, shape: [shape[0]!, 1, shape[1]!], data };
      const first = sets(x) as NdArray;
      return (await run(buildSets, first, x === y ? first : (sets(y) as NdArray), backend))[0]!;
    },
    async paired(x, y) {
      return (await run((a, b, owned) => entry.paired!(a, b, config(), cx(owned)), x, y))[0]!;
    },
    async compareSets(x, y, mask) {
      if (!mask) return (await run(buildSets, x, y))[0]!;
      const [matrix] = await runFunction(
        (a, b, m, ...owned) => entry.sets!({ points: a!, mask: m! }, { points: b! }, config(), cx(owned)),
        [x, y, mask, ...weightsAs("float64")],
      );
      return matrix!;
    },
    async slopes(x, y) {
      const asSets = ({ shape, data }: NdArray) => ndarray("float64", [shape[0]!, 1, shape[1]!], data);
      const [a, b] = entry.matrix ? [x, y] : [asSets(x), asSets(y)];
      const [matrix, first, second] = await runFunction(
        (first, second, ...owned) => {
          const built = (entry.matrix ? build : buildSets)(first!, second!, owned);
          return [built, ...gradients(sum(built), [first!, second!])];
        },
        [a, b, ...weightsAs("float64")],
      );
      return { matrix: matrix!, "gradient by first": first!, "gradient by second": second! };
    },
    build,
    buildSets,
  };
}
