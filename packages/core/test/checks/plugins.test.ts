import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ndarray } from "../../src/arrays/nd-array.js";
import { runCheck } from "../../src/checks/check.js";
import { type PluginCheckOptions, pluginChecks } from "../../src/checks/plugin-checks.js";
import { createCatalogue } from "../../src/container/create-catalogue.js";
import { componentReference } from "../../src/contracts/component-reference.js";
import { defineKernel } from "../../src/contracts/kernel.js";
import { defineLoss } from "../../src/contracts/loss.js";
import { definePlugin, type Plugin, type Registry } from "../../src/contracts/plugin.js";
import { mean } from "../../src/functions/mean.js";
import { pairwiseInnerProducts } from "../../src/functions/pairwise.js";
import { square } from "../../src/functions/square.js";
import { defineHostOperator } from "../../src/ir/host-operator.js";
import { callHost } from "../../src/ops/host-call.js";
import { mul } from "../../src/ops/mul.js";
import { failures } from "./failing-titles.js";

const plugin = (register: (registry: Registry) => void, more: Partial<Plugin> = {}) =>
  definePlugin({ name: "test-plugin", version: "1.0.0", core: "*", register, ...more });

const inputs = {
  embeddings: { axes: ["n", "d"], type: "float", description: "embeddings", differentiable: true },
} as const;
const loss = (name: string, sign: 1 | -1 = 1, spoil = false) => {
  const squared = defineHostOperator<null>({
    name: "test/squared",
    infer: ([x]) => [x!],
    run([x]) {
      const result = ndarray(
        x!.dtype,
        x!.shape,
        Float64Array.from(x!.data, (element) => element ** 2),
      );
      if (spoil) x!.data.fill(0);
      return [result];
    },
    vjp: ({ inputs: [x], cotangents: [dy] }) => [mul(dy!, mul(x!, 2 * sign))],
  });
  return defineLoss({
    name,
    summary: "A loss under test.",
    config: z.strictObject({}),
    inputs,
    shards: "needs-gather",
    build: ({ embeddings }) => mean(callHost(squared, [embeddings!], null)[0]!),
  });
};

const failing = (subject: Plugin, options: PluginCheckOptions = {}) => failures(pluginChecks(subject, options));

describe("a plugin", () => {
  it("that is right passes, with what it builds on", async () => {
    const kernel = defineKernel({
      name: "test-kernel",
      summary: "A kernel of another plugin.",
      config: z.strictObject({}),
      matrix: pairwiseInnerProducts,
    });
    const base = plugin((registry) => registry.add(kernel), { name: "base-plugin" });
    const user = plugin((registry) => {
      registry.add(loss("test/good"));
      registry.add(
        defineLoss({
          name: "test/with-kernel",
          summary: "A loss that asks for a kernel.",
          config: z.strictObject({ kernel: componentReference("kernel").default("test-kernel").describe("a kernel") }),
          inputs,
          shards: "needs-gather",
          build: ({ embeddings: x }, { kernel: name }, cx) => mean(square(cx.kernel(name as string).matrix(x!, x!))),
        }),
      );
    });
    expect(await failing(user, { catalogue: () => createCatalogue([base]) })).toEqual({});
    // Without it, what is missing is named.
    const outcomes = await Promise.all(pluginChecks(user).map(runCheck));
    const failed = outcomes.flatMap((outcome) => (outcome.status === "failed" ? [outcome] : []));
    expect(new Set(failed.map(({ check }) => check.group))).toEqual(new Set(["loss test/with-kernel"]));
    expect(failed[0]!.error.message).toContain('there is no kernel named "test-kernel"');
  });

  it("with a sign-flipped derivative on the host is caught, by loss and check", async () => {
    const outcomes = await Promise.all(
      pluginChecks(
        plugin((registry) => {
          registry.add(loss("test/good"));
          registry.add(loss("test/flipped", -1));
        }),
      ).map(runCheck),
    );
    const failed = outcomes
      .filter(({ status }) => status === "failed")
      .map(({ check }) => `${check.group}: ${check.title}`);
    expect(failed).toEqual(["loss test/flipped: gradients agree with differences"]);
  });

  it("that changes its inputs is caught", async () => {
    expect(await failing(plugin((registry) => registry.add(loss("test/spoilt", 1, true))))).toMatchObject({
      "changes no input and repeats itself on reference": "CHECK_INPUT_MUTATED",
    });
  });

  it.each<[string, Plugin, string]>([
    [
      "that throws while registering",
      plugin(() => {
        throw new TypeError("undefined is not a function");
      }),
      "PLUGIN_FAILED",
    ],
    [
      "that claims a name twice",
      plugin((registry) => [1, 2].forEach(() => registry.add(loss("test/twice")))),
      "NAME_TAKEN",
    ],
    ["that adds what is no entry", plugin((registry) => registry.add({} as never)), "ENTRY_INVALID"],
    ["that asks for another core", plugin(() => {}, { core: "^99.0.0" }), "CORE_VERSION_MISMATCH"],
    ["without a version", plugin(() => {}, { version: "one" }), "PLUGIN_INVALID"],
    ["that is nothing", null as never, "PLUGIN_INVALID"],
    ["that registers nothing", plugin(() => {}), "CHECK_VALUE_WRONG"],
  ])("%s fails the check of its registration, and nothing is thrown", async (_, subject, code) => {
    expect(await failing(subject)).toMatchObject({ registers: code });
  });

  it("that registers something else the second time is caught", async () => {
    let times = 0;
    const subject = plugin((registry) => registry.add(loss(`test/loss-${times++}`)));
    expect(await failing(subject)).toEqual({ "registers the same entries every time": "CHECK_NOT_DETERMINISTIC" });
  });
});
