import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as zod3 } from "zod/v3";
import { defineKernel } from "../contracts/kernel.js";
import { defineOptimizer } from "../contracts/optimizer.js";
import { definePlugin, type Plugin } from "../contracts/plugin.js";
import { isSemblanceError } from "../errors.js";
import { VERSION } from "../version.js";
import type { Catalogue } from "./catalogue.js";
import { createCatalogue, createContainer } from "./create-catalogue.js";
import { CATALOGUE } from "./tokens.js";

const kernel = (name: string) =>
  defineKernel({
    name,
    summary: "a kernel for tests",
    config: z.strictObject({
      gamma: z.number().positive().default(1).describe("the width, above 0"),
      form: z.enum(["direct", "gram"]).optional().describe("how distances are computed"),
    }),
  });

const plugin = (name: string, kernels: readonly string[], more: Partial<Plugin> = {}) =>
  definePlugin({
    name,
    version: "1.2.3",
    core: `^${VERSION}`,
    register: (registry) => {
      for (const each of kernels) registry.add(kernel(each));
    },
    ...more,
  });

function errorOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!isSemblanceError(error)) throw error;
    return `${error.code}: ${error.message}\nwhere: ${error.where}\nfix: ${error.fix}`;
  }
  throw new Error("nothing was thrown");
}

describe("catalogue", () => {
  it("knows what core brings", () => {
    const catalogue = createCatalogue();
    expect(catalogue.list("optimizer").map(({ name }) => name)).toEqual(["adam", "adamw", "rmsprop", "sgd"]);
    expect(catalogue.list("schedule").map(({ name }) => name)).toEqual(["constant", "cosine", "exponential", "step"]);
    expect(catalogue.list("loss")).toEqual([]);
    expect(catalogue.pluginOf(catalogue.get("optimizer", "adam"))?.name).toBe("@semblance/core");
  });

  it("fills in defaults and checks keys", () => {
    const catalogue = createCatalogue([plugin("a", ["rbf"])]);
    expect(catalogue.choose("kernel", "rbf").config).toEqual({ gamma: 1 });
    expect(catalogue.choose("kernel", { name: "rbf", gamma: 3 }).config).toEqual({ gamma: 3 });
    expect(errorOf(() => catalogue.choose("kernel", { name: "rbf", gama: 3 }, "loss.kernel"))).toMatchInlineSnapshot(`
      "CONFIG_KEY_UNKNOWN: unknown key "gama"
      where: loss.kernel (kernel "rbf")
      fix: Did you mean "gamma"?"
    `);
    expect(errorOf(() => catalogue.choose("kernel", { name: "rbf", gamma: -1 }))).toMatchInlineSnapshot(`
      "CONFIG_INVALID: "gamma" must be more than 0, not -1
      where: kernel (kernel "rbf")
      fix: gamma: the width, above 0."
    `);
  });

  it("suggests near names", () => {
    const catalogue = createCatalogue([plugin("a", ["linear", "rbf", "additive-chi2", "chi2"])]);
    expect(errorOf(() => catalogue.get("kernel", "liner", "loss.kernel"))).toMatchInlineSnapshot(`
      "NAME_UNKNOWN: there is no kernel named "liner"
      where: loss.kernel
      fix: Did you mean "linear"?"
    `);
    expect(errorOf(() => catalogue.get("optimizer", "Adam-W"))).toContain('"adamw"');
    expect(errorOf(() => catalogue.get("optimizer", "zzzzzzzz"))).toContain("There are: adam, adamw, rmsprop, sgd.");
    expect(errorOf(() => catalogue.get("model", "mlp"))).toContain("is its plugin installed");
  });

  it("names both plugins that claim one name, and registers nothing of the second", () => {
    const catalogue = createCatalogue([plugin("first", ["rbf"])]);
    expect(errorOf(() => catalogue.use(plugin("second", ["fresh", "rbf"])))).toMatchInlineSnapshot(`
      "NAME_TAKEN: two plugins claim the kernel "rbf": "first" 1.2.3 and "second" 1.2.3
      where: plugin "second" 1.2.3
      fix: Leave one of the two out, or ask its author for a name of its own."
    `);
    expect(catalogue.list("kernel").map(({ name }) => name)).toEqual(["rbf"]);
    expect(catalogue.plugins().map(({ name }) => name)).toEqual(["@semblance/core", "first"]);
    expect(errorOf(() => catalogue.use(plugin("third", ["twice", "twice"])))).toContain("NAME_TAKEN");
  });

  it("lets two kinds share a name", () => {
    const optimizer = defineOptimizer({
      name: "rbf",
      summary: "an optimizer for tests",
      config: z.strictObject({}),
      slots: () => [],
      scalars: () => ({}),
      update: ({ parameter }) => ({ parameter, slots: {} }),
    });
    const catalogue = createCatalogue([
      plugin("first", ["rbf"]),
      plugin("second", [], { register: (registry) => registry.add(optimizer) }),
    ]);
    expect(catalogue.get("optimizer", "rbf")).toBe(optimizer);
  });

  it("refuses plugins made for another core, named with both versions", () => {
    expect(errorOf(() => createCatalogue([plugin("old", [], { core: "^9.0.0" })]))).toContain(
      `plugin "old" 1.2.3 asks for @semblance/core ^9.0.0, and this is @semblance/core ${VERSION}`,
    );
    expect(errorOf(() => createCatalogue([plugin("odd", [], { core: "whatever" })]))).toContain(
      "CORE_VERSION_MISMATCH",
    );
  });

  it("refuses malformed plugins and entries by name", () => {
    expect(errorOf(() => createCatalogue([null as never]))).toContain("PLUGIN_INVALID");
    expect(errorOf(() => createCatalogue([plugin("a", [], { version: "one" })]))).toContain("PLUGIN_INVALID");
    expect(errorOf(() => createCatalogue([plugin("a", []), plugin("a", [])]))).toContain("PLUGIN_TWICE");
    expect(errorOf(() => createCatalogue([plugin("a", ["Not Kebab"])]))).toContain("ENTRY_INVALID");
    const broken = plugin("broken", [], {
      register: () => {
        throw new TypeError("no");
      },
    });
    expect(errorOf(() => createCatalogue([broken]))).toContain('plugin "broken" failed while registering: no');
    const slow = plugin("slow", [], { register: (async () => Promise.reject(new Error("later"))) as never });
    expect(errorOf(() => createCatalogue([slow]))).toContain('PLUGIN_FAILED: plugin "slow" registers asynchronously');
  });

  it("refuses a schema of zod 3, which has the same methods and other insides", () => {
    const old = { ...kernel("rbf"), config: zod3.object({}).strict() as never };
    expect(errorOf(() => createCatalogue([plugin("old", [], { register: (r) => r.add(old) })]))).toMatchInlineSnapshot(`
      "SCHEMA_FOREIGN: the config of kernel "rbf" is no schema of zod 4
      where: plugin "old" 1.2.3
      fix: Make it with zod 4: "zod": "^4.0.0" under dependencies; any copy of it will do."
    `);
  });

  it("keeps containers apart", () => {
    const [one, two] = [createContainer([plugin("a", ["rbf"])]), createContainer()];
    expect(one.resolve<Catalogue>(CATALOGUE).list("kernel")).toHaveLength(1);
    expect(two.resolve<Catalogue>(CATALOGUE).list("kernel")).toHaveLength(0);
    const child = one.createChildContainer();
    expect(child.resolve<Catalogue>(CATALOGUE)).toBe(one.resolve<Catalogue>(CATALOGUE));
  });

  it("identifies tokens across copies of core", () => {
    expect(CATALOGUE).toBe(Symbol.for("@semblance/core:catalogue"));
  });

  it("states the version of its package", () => {
    const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(VERSION).toBe(manifest.version);
  });
});
