/**
 * What the primitives cannot say can be a host operator: a function on arrays with a shape rule and a derivative. This one is the
 * median of a vector, whose derivative goes to the element in the middle.
 */
import {
  callHost,
  defineHostOperator,
  gradients,
  mul,
  ndarray,
  oneHot,
  referenceBackend,
  spec,
  square,
  sub,
  sum,
  type Tensor,
  trace,
} from "@semblance/core";

/** x [n], n odd → [the median []; its position [], int32]. */
const medianOperator = defineHostOperator<null>({
  name: "median",
  infer: ([x]) => [
    { dtype: x!.dtype, shape: [] },
    { dtype: "int32", shape: [] },
  ],
  run: ([x]) => {
    const order = Array.from(x!.data.keys()).sort((a, b) => x!.data[a]! - x!.data[b]!);
    const middle = order[(order.length - 1) / 2]!;
    return [ndarray(x!.dtype, [], [x!.data[middle]!]), ndarray("int32", [], [middle])];
  },
  vjp: ({ inputs: [x], outputs: [, position], cotangents: [dy] }) => [
    dy ? mul(oneHot(position!, x!.size, "float64"), dy) : null,
  ],
});

export const median = (x: Tensor): Tensor => callHost(medianOperator, [x], null)[0]!;

/** The mean squared deviation from the median and its gradient, at 1, 5 and 2. */
export async function run(): Promise<{ value: number; gradient: number[] }> {
  const program = trace({
    name: "deviation",
    inputs: { x: spec("float64", [3]) },
    build({ x }) {
      const value = sum(square(sub(x, median(x))));
      return { outputs: { value, gradient: gradients(value, [x])[0]! } };
    },
  });
  const backend = referenceBackend();
  const executable = await backend.compile(program);
  const { value, gradient } = await executable.run({ x: ndarray("float64", [3], [1, 5, 2]) });
  await backend.dispose();
  return { value: value!.data[0]!, gradient: Array.from(gradient!.data) };
}
