import { afterEach, describe, expect, it, vi } from "vitest";
import * as ours from "../src/index.js";

type Core = typeof ours;

/** A second copy of core, as a package manager may install one for a plugin: another module of everything. */
async function anotherCopy(version?: string): Promise<Core> {
  vi.resetModules();
  if (version !== undefined) vi.doMock("../src/version.js", () => ({ VERSION: version }));
  return await import("../src/index.js");
}

afterEach(() => {
  vi.doUnmock("../src/version.js");
  vi.resetModules();
});

const values = (shape: readonly number[]) =>
  ours.ndarray(
    "float64",
    shape,
    Float64Array.from({ length: ours.sizeOf(shape) }, (_, at) => Math.sin(1 + at)),
  );

/** y = Σ s(x)² on arrays, by a host operator of that copy of core, with its derivative. */
const hostSquare = (core: Core) =>
  core.defineHostOperator<null>({
    name: "square",
    infer: ([x]) => [x!],
    run: ([x]) => [{ ...x!, data: x!.data.map((value) => value * value) as Float64Array }],
    vjp: ({ inputs: [x], cotangents: [dy] }) => [dy ? core.mul(core.mul(dy, x!), 2) : null],
  });

describe("two copies of one version of core", () => {
  it("are two", async () => {
    const theirs = await anotherCopy();
    expect(theirs.Tensor).not.toBe(ours.Tensor);
    expect(theirs.ops.exp).not.toBe(ours.ops.exp);
  });

  it("build one graph together: a function of one, traced, differentiated, optimised and run by the other", async () => {
    const theirs = await anotherCopy();
    const build = (core: Core) => (x: ours.Tensor) => {
      const [squared] = core.callHost(hostSquare(core), [core.softmax(x)], null);
      const [again] = core.callHost(hostSquare(core), [core.log(core.add(squared!, 1))], null);
      return core.sum(core.mul(core.exp(again!), core.constant(values([3, 4]))));
    };
    const run = async (f: (x: ours.Tensor) => ours.Tensor) => {
      const program = ours.trace({
        name: "mixed",
        inputs: { x: ours.spec("float64", [3, 4]) },
        build: ({ x }) => {
          const y = f(x);
          return { outputs: { y, slope: ours.gradients(y, [x])[0]! } };
        },
      });
      const optimised = ours.optimise(program);
      ours.verify(optimised);
      const executable = await ours.referenceBackend().compile(program);
      const results = await executable.run({ x: values([3, 4]) });
      return { text: ours.print(optimised), results };
    };
    const [pure, mixed] = [await run(build(ours)), await run(build(theirs))];
    expect(mixed).toEqual(pure);
    expect(pure.results.slope!.data.some((slope) => slope !== 0)).toBe(true);
  });

  it("count tensors on, so that sorting by id stays an order of computation", async () => {
    const theirs = await anotherCopy();
    const x = ours.constant(values([2]));
    const y = theirs.exp(x);
    const z = ours.exp(y);
    expect(x.id < y.id && y.id < z.id).toBe(true);
    expect(y instanceof ours.Tensor && x instanceof theirs.Tensor).toBe(true);
  });

  it("share entries: the catalogue of one takes what the other's define… made", async () => {
    const theirs = await anotherCopy();
    const plugin = theirs.definePlugin({
      name: "theirs",
      version: "1.0.0",
      core: `^${ours.VERSION}`,
      register: (registry) => registry.add({ ...theirs.sgd, name: "their-sgd" }),
    });
    expect(ours.createCatalogue([plugin]).choose("optimizer", { name: "their-sgd" }).config).toEqual(
      ours.createCatalogue().choose("optimizer", "sgd").config,
    );
    const refused = (() => {
      try {
        return theirs.createCatalogue([plugin, plugin]);
      } catch (error) {
        return error;
      }
    })();
    expect(ours.isSemblanceError(refused)).toBe(true);
  });
});

describe("two versions of core", () => {
  it("are told apart where their tensors meet, and the error says what to do", async () => {
    const other = await anotherCopy("0.0.9");
    const foreign = other.constant(values([2]));
    expect(foreign instanceof ours.Tensor).toBe(false);
    expect(foreign instanceof other.Tensor).toBe(true);
    const mixed = expect.objectContaining({
      code: "CORE_VERSIONS_MIXED",
      message: `a tensor of @semblance/core 0.0.9 met @semblance/core ${ours.VERSION}: two versions are installed`,
      fix: expect.stringContaining("peerDependencies"),
    });
    expect(() => ours.exp(foreign)).toThrowError(mixed);
    expect(() => ours.add(foreign, 1)).toThrowError(mixed);
    expect(() => ours.trace({ name: "p", inputs: {}, build: () => ({ outputs: { y: foreign } }) })).toThrowError(mixed);
  });
});
