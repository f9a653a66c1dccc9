import { ndarray } from "../../arrays/nd-array.js";
import { gradients } from "../../ir/grad.js";
import { spec, trace } from "../../ir/program.js";
import { matmul } from "../../ops/matmul.js";
import { mul } from "../../ops/mul.js";
import { sub } from "../../ops/sub.js";
import { sum } from "../../ops/sum.js";
import { tanh } from "../../ops/tanh.js";
import { Key } from "../../random/key.js";
import { requireThat } from "../assertions.js";
import type { Setting } from "./setting.js";

const STEPS = 300;

/** A training step whose intermediate arrays are many times its state, so that one kept per step would show at once. */
const program = () =>
  trace({
    name: "memory",
    inputs: { x: spec("float32", [64, 32]) },
    carries: { w: spec("float32", [32, 32]) },
    build: ({ x }, { w }) => {
      const hidden = tanh(matmul(tanh(matmul(x, w)), w));
      const loss = sum(mul(hidden, hidden));
      return { outputs: { loss, hidden }, carries: { w: sub(w, mul(gradients(loss, [w])[0]!, 1e-4)) } };
    },
  });

/** What a backend holds must not grow with the number of calls, of failed calls, or of programs that came and went. */
export function memoryChecks(setting: Setting): void {
  const { memory } = setting.options;
  const x = ndarray("float32", [64, 32], Key.fromSeed(11).normal(64 * 32));
  const w = ndarray("float32", [32, 32], Key.fromSeed(12).normal(32 * 32));

  setting.test(`memory: is flat over ${STEPS} calls`, async () => {
    const backend = await setting.backend();
    const executable = await backend.compile(program());
    await executable.write({ w });
    const held: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const { loss } = await executable.run({ x });
      requireThat(Number.isFinite(loss!.data[0]), "CHECK_NOT_FINITE", `the loss of call ${step} is ${loss!.data[0]}`);
      // Buffers settle during the first calls.
      if (step === 20 || step === STEPS - 1) held.push(memory?.(backend) ?? 0);
    }
    await executable.dispose();
    requireFlat(held[0]!, held[1]!, `${STEPS - 21} calls`);
  });

  setting.test("memory: of refused calls is not kept", async () => {
    const backend = await setting.backend();
    const executable = await backend.compile(program());
    await executable.write({ w });
    await executable.run({ x });
    const before = memory?.(backend) ?? 0;
    for (let call = 0; call < 20; call++) {
      await executable.run({}).then(
        () => requireThat(false, "CHECK_NOT_REFUSED", "a call without feeds went through"),
        () => undefined,
      );
    }
    const after = memory?.(backend) ?? 0;
    await executable.dispose();
    requireFlat(before, after, "20 refused calls");
  });

  setting.test("memory: of programs that were disposed of is given back", async () => {
    const backend = await setting.backend();
    const rounds: number[] = [];
    for (let round = 0; round < 6; round++) {
      const executable = await backend.compile(program());
      await executable.write({ w });
      await executable.run({ x });
      await executable.dispose();
      if (round === 1 || round === 5) rounds.push(memory?.(backend) ?? 0);
    }
    requireFlat(rounds[0]!, rounds[1]!, "4 programs");
  });
}

function requireFlat(before: number, after: number, over: string): void {
  requireThat(after <= before, "CHECK_MEMORY_GROWS", `the device held ${before} bytes, and ${after} after ${over}`, {
    fix: "Release every intermediate array after its last use, and every buffer of a program with it.",
  });
}
