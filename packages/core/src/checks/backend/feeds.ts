import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import type { Executable } from "../../contracts/backend.js";
import { spec, trace } from "../../ir/program.js";
import { add } from "../../ops/add.js";
import { requireEqual, requireRefused } from "../assertions.js";
import type { Setting } from "./setting.js";

/** Wrong feeds are refused before anything runs, with a code and in words, and the executable works on afterwards. */
export function feedsChecks(setting: Setting): void {
  const program = trace({
    name: "feeds",
    inputs: { x: spec("float32", [2]) },
    carries: { total: spec("float32", [2]) },
    build: ({ x }, { total }) => ({ outputs: { y: x }, carries: { total: add(total, x) } }),
  });
  const good = ndarray("float32", [2], [1, 2]);
  const array = (dtype: string, shape: unknown, data: unknown) => ({ dtype, shape, data }) as unknown as NdArray;

  const refusals: readonly [string, (executable: Executable) => Promise<unknown>, string][] = [
    ["an input left out", (e) => e.run({}), "FEED_MISSING"],
    ["an unknown input", (e) => e.run({ x: good, y: good }), "FEED_UNKNOWN"],
    ["an unknown input that every object has", (e) => e.run({ x: good, constructor: good }), "FEED_UNKNOWN"],
    ["a carry as an input", (e) => e.run({ x: good, total: good }), "FEED_UNKNOWN"],
    ["a wrong shape", (e) => e.run({ x: ndarray("float32", [1, 2], [1, 2]) }), "FEED_MISMATCH"],
    ["a wrong type", (e) => e.run({ x: ndarray("float64", [2], [1, 2]) }), "FEED_MISMATCH"],
    ["too few elements", (e) => e.run({ x: array("float32", [2], new Float32Array(1)) }), "FEED_MISMATCH"],
    ["too many elements", (e) => e.run({ x: array("float32", [2], new Float32Array(3)) }), "FEED_MISMATCH"],
    ["another typed array", (e) => e.run({ x: array("float32", [2], new Float64Array(2)) }), "FEED_MISMATCH"],
    ["a plain array", (e) => e.run({ x: array("float32", [2], [1, 2]) }), "FEED_MISMATCH"],
    ["no elements at all", (e) => e.run({ x: array("float32", [2], undefined) }), "FEED_MISMATCH"],
    ["a number", (e) => e.run({ x: 3 as unknown as NdArray }), "FEED_MISMATCH"],
    ["an unknown carry read", (e) => e.read(["nothing"]), "CARRY_UNKNOWN"],
    ["an unknown carry that every object has", (e) => e.read(["toString"]), "CARRY_UNKNOWN"],
    ["an unknown carry written", (e) => e.write({ nothing: good }), "CARRY_UNKNOWN"],
    ["a carry of a wrong shape", (e) => e.write({ total: ndarray("float32", [3], [1, 2, 3]) }), "FEED_MISMATCH"],
  ];
  for (const [what, call, code] of refusals) {
    setting.test(`feeds: ${what} is refused`, async () => {
      const executable = await (await setting.backend()).compile(program);
      await executable.write({ total: good });
      await requireRefused(call(executable), { code, where: "feeds" });
      requireEqual(Array.from((await executable.run({ x: good })).y!.data), [1, 2]);
      requireEqual(Array.from((await executable.read()).total!.data), [2, 4]);
      await executable.dispose();
    });
  }

  setting.test("feeds: a carry that was never set is refused", async () => {
    const executable = await (await setting.backend()).compile(program);
    await requireRefused(executable.run({ x: good }), { code: "CARRY_UNSET" });
    await requireRefused(executable.read(), { code: "CARRY_UNSET" });
    await executable.dispose();
  });

  setting.test("feeds: a write with one wrong carry sets none of them", async () => {
    const two = trace({
      name: "feeds",
      inputs: {},
      carries: { a: spec("float32", [2]), b: spec("float32", [2]) },
      build: (_, { a, b }) => ({ outputs: { sum: add(a, b) } }),
    });
    const executable = await (await setting.backend()).compile(two);
    await executable.write({ a: good, b: good });
    const wrong = ndarray("float32", [1], [9]);
    await requireRefused(executable.write({ a: ndarray("float32", [2], [8, 8]), b: wrong }), {
      code: "FEED_MISMATCH",
    });
    requireEqual(Array.from((await executable.run({})).sum!.data), [2, 4]);
    await executable.dispose();
  });
}
