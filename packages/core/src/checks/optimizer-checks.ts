import { convert, type FloatDType } from "../arrays/dtype.js";
import { type NdArray, ndarray, sizeOf, zerosArray } from "../arrays/nd-array.js";
import type { Backend, Executable } from "../contracts/backend.js";
import type { Optimizer } from "../contracts/optimizer.js";
import { square } from "../functions/square.js";
import { gradients } from "../ir/grad.js";
import { type Program, spec, trace } from "../ir/program.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "../ops/mul.js";
import { sub } from "../ops/sub.js";
import { sum } from "../ops/sum.js";
import { Key } from "../random/key.js";
import { referenceBackend } from "../reference/reference-backend.js";
import { requireEqual, requireThat } from "./assertions.js";
import { type Check, CheckFailedError } from "./check.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";
import { type NamedBackends, REFERENCE_ONLY, withBackend } from "./named-backends.js";
import { sameBytes } from "./watch-host-operators.js";

export interface OptimizerCheckOptions {
  readonly backends?: NamedBackends;
  readonly examples?: readonly ExampleConfig[];
}

const LEARNING_RATE = 0.05;
const SIZE = 6;

/**
 * What every optimizer owes, for each example configuration: slots and scalars that keep their names and shapes, a quadratic that gets
 * lower, a pause in the middle that changes no bit, and finite numbers where gradients are 0.
 */
export function optimizerChecks(optimizer: Optimizer, options: OptimizerCheckOptions = {}): Check[] {
  const { backends = REFERENCE_ONLY } = options;
  const group = groupOf(optimizer);
  const checks = entryChecks(optimizer, options.examples);
  for (const example of examplesOf(optimizer, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const subject = () => new Subject(optimizer, settled(optimizer, example));
    const add = (title: string, run: () => Promise<void>) => checks.push({ group, title: title + suffix, run });

    add("keeps the names and shapes of its slots and scalars", async () => {
      const { config } = subject();
      const slots = optimizer.slots(config);
      requireThat(new Set(slots).size === slots.length, "CHECK_VALUE_WRONG", `a slot of ${group} is named twice`, {
        where: group,
      });
      const names = (step: number) => Object.keys(optimizer.scalars(step, LEARNING_RATE, config)).sort();
      for (const step of [1, 2, 1000, 1e6]) {
        requireEqual(names(step), names(1), `the names of the scalars at step ${step}`);
        for (const [name, value] of Object.entries(optimizer.scalars(step, LEARNING_RATE, config))) {
          requireThat(Number.isFinite(value), "CHECK_NOT_FINITE", `${name} at step ${step} is ${value}`, {
            where: group,
          });
        }
      }
      for (const shape of [[], [SIZE], [2, 3], [0, 2], [1, 2, 1, 2, 1]]) {
        for (const float of ["float32", "float64"] as const) subject().program(shape, float);
      }
    });
    for (const [name, make] of Object.entries(backends)) {
      add(`lowers a quadratic on ${name}`, () =>
        withBackend(make, async (backend) => {
          const { before, after } = await subject().descend(backend, 200);
          requireThat(
            Number.isFinite(after) && after < 0.5 * before,
            "CHECK_VALUE_WRONG",
            `a quadratic of ${before} is ${after} after 200 steps`,
            { where: `${group} on ${name}`, fix: "A step goes against the gradient, by the learning rate." },
          );
        }),
      );
      add(`pauses without a trace on ${name}`, () =>
        withBackend(make, (backend) => checkPause(subject(), backend, group)),
      );
    }
    add("stays finite where gradients are 0", async () => {
      const { state } = await subject().descend(referenceBackend(), 20, 0);
      for (const [name, { data }] of Object.entries(state)) {
        const at = data.findIndex((element) => !Number.isFinite(element));
        requireThat(at < 0, "CHECK_NOT_FINITE", `${name} is ${data[at]} after steps without a gradient`, {
          where: group,
          fix: "Divide by nothing that may be 0.",
        });
      }
    });
  }
  return checks;
}

/** An optimizer on the quadratic w·Σ(θ − t)², θ being its one parameter. */
class Subject {
  readonly target = Key.fromSeed(3).normal(SIZE);

  constructor(
    readonly optimizer: Optimizer,
    readonly config: unknown,
  ) {}

  /** @throws CheckFailedError CHECK_SHAPE_WRONG */
  program(shape: readonly number[], float: FloatDType): Program {
    const { optimizer, config } = this;
    const slots = optimizer.slots(config);
    const cell = spec(float, shape);
    const scalars = Object.keys(optimizer.scalars(1, LEARNING_RATE, config));
    return trace({
      name: groupOf(optimizer),
      inputs: {
        target: cell,
        weight: spec(float, []),
        ...Object.fromEntries(scalars.map((name) => [`scalar/${name}`, spec(float, [])])),
      },
      carries: { parameter: cell, ...Object.fromEntries(slots.map((name) => [`slot/${name}`, cell])) },
      build(fed, carried) {
        const parameter = carried.parameter!;
        const loss = mul(sum(square(sub(parameter, fed.target!))), fed.weight!);
        const moved = optimizer.update(
          {
            parameter,
            gradient: gradients(loss, [parameter])[0]!,
            slots: named(slots, carried, "slot/"),
            scalars: named(scalars, fed, "scalar/"),
          },
          config,
        );
        const next: Record<string, typeof parameter> = { parameter: moved.parameter };
        for (const name of Object.keys(moved.slots)) next[`slot/${name}`] = moved.slots[name]!;
        for (const name of ["parameter", ...slots.map((slot) => `slot/${slot}`)]) {
          const tensor = next[name];
          if (tensor?.shape.join() === parameter.shape.join() && tensor.dtype === float) continue;
          throw new CheckFailedError(
            "CHECK_SHAPE_WRONG",
            `the next ${name} is ${tensor}, not ${float}[${shape.join(", ")}]`,
            {
              where: groupOf(optimizer),
              fix: "Return the parameter and exactly its slots, each of the parameter's shape and type.",
            },
          );
        }
        return { outputs: { loss }, carries: next };
      },
    });
  }

  start(program: Program, float: FloatDType): Record<string, NdArray> {
    return Object.fromEntries(
      Object.entries(program.carries).map(([name, { input }]) => [
        name,
        name === "parameter"
          ? ndarray(float, input.shape, convert(float, Key.fromSeed(4).normal(sizeOf(input.shape))))
          : zerosArray(float, input.shape),
      ]),
    );
  }

  async step(executable: Executable, number: number, float: FloatDType, weight = 1): Promise<number> {
    const scalars = Object.entries(this.optimizer.scalars(number, LEARNING_RATE, this.config));
    const { loss } = await executable.run({
      target: ndarray(float, [SIZE], convert(float, this.target)),
      weight: ndarray(float, [], [weight]),
      ...Object.fromEntries(scalars.map(([name, value]) => [`scalar/${name}`, ndarray(float, [], [value])])),
    });
    return loss!.data[0]!;
  }

  async descend(backend: Backend, steps: number, weight = 1) {
    const program = this.program([SIZE], backend.float);
    const executable = await backend.compile(program);
    try {
      await executable.write(this.start(program, backend.float));
      const before = await this.step(executable, 1, backend.float, weight);
      let after = before;
      for (let number = 2; number <= steps; number++)
        after = await this.step(executable, number, backend.float, weight);
      return { before, after, state: await executable.read() };
    } finally {
      await executable.dispose();
    }
  }
}

async function checkPause(subject: Subject, backend: Backend, group: string): Promise<void> {
  const program = subject.program([SIZE], backend.float);
  const through = await backend.compile(program);
  await through.write(subject.start(program, backend.float));
  for (let number = 1; number <= 5; number++) await subject.step(through, number, backend.float);
  const resumed = await backend.compile(subject.program([SIZE], backend.float));
  await resumed.write(await through.read());
  for (let number = 6; number <= 10; number++) {
    await subject.step(through, number, backend.float);
    await subject.step(resumed, number, backend.float);
  }
  const [expected, got] = [await through.read(), await resumed.read()];
  for (const [name, array] of Object.entries(expected)) {
    requireThat(sameBytes(got[name]!, array), "CHECK_STATE_LOST", `${name} differs after a pause`, {
      where: `${group} on ${backend.name}`,
      fix: "Keep all state in slots, and compute scalars from the step alone.",
    });
  }
  await through.dispose();
  await resumed.dispose();
}

/** Those of a program's leaves that are named so, without their prefix. */
function named(names: readonly string[], leaves: Readonly<Record<string, Tensor>>, prefix: string) {
  return Object.fromEntries(names.map((name) => [name, leaves[prefix + name]!]));
}
