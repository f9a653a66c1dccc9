import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import type { Backend } from "../../contracts/backend.js";
import { logSumExp } from "../../functions/log-sum-exp.js";
import { gradients } from "../../ir/grad.js";
import { spec, trace } from "../../ir/program.js";
import { matmul } from "../../ops/matmul.js";
import { mul } from "../../ops/mul.js";
import { relu } from "../../ops/relu.js";
import { sub } from "../../ops/sub.js";
import { sum } from "../../ops/sum.js";
import { Key } from "../../random/key.js";
import { requireEqual } from "../assertions.js";
import type { Setting } from "./setting.js";

/** Same seed, same backend, same machine: the same bytes. */
export function determinismChecks(setting: Setting): void {
  const program = () =>
    trace({
      name: "training",
      inputs: { x: spec("float32", [64, 50]) },
      carries: { w: spec("float32", [50, 40]), v: spec("float32", [40, 10]) },
      build: ({ x }, { w, v }) => {
        const loss = sum(logSumExp(matmul(relu(matmul(x, w)), v), { axes: [1] }));
        const [dw, dv] = gradients(loss, [w, v]);
        return { outputs: { loss }, carries: { w: sub(w, mul(dw!, 0.001)), v: sub(v, mul(dv!, 0.001)) } };
      },
    });
  const draw = (name: string, ...shape: number[]) =>
    ndarray(
      "float32",
      shape,
      Key.fromSeed(3)
        .fold(name)
        .normal(shape.reduce((a, b) => a * b)),
    );

  const train = async (backend: Backend) => {
    const executable = await backend.compile(program());
    await executable.write({ w: draw("w", 50, 40), v: draw("v", 40, 10) });
    const x = draw("x", 64, 50);
    const losses: NdArray[] = [];
    for (let step = 0; step < 5; step++) losses.push((await executable.run({ x })).loss!);
    const state = await executable.read();
    await executable.dispose();
    return [...losses, state.w!, state.v!].map(
      ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    );
  };

  setting.test("determinism: training twice gives the same bytes", async () => {
    const first = await train(await setting.backend());
    requireEqual(await train(await setting.backend()), first);
    const other = await setting.make();
    requireEqual(await train(other), first);
    await other.dispose();
  });
}
