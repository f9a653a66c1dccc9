import { createCatalogue, DataError, defineLoss, defineSampler, type Plugin } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { guardPlugin } from "./guard-plugin.js";

const plugin = (...entries: Parameters<Parameters<Plugin["register"]>[0]["add"]>[0][]): Plugin => ({
  name: "theirs",
  version: "1.2.3",
  core: "*",
  register: (registry) => entries.forEach((entry) => registry.add(entry)),
});

const loss = (build: () => never) =>
  defineLoss({
    name: "theirs/broken",
    summary: "A loss for tests.",
    config: z.strictObject({}),
    inputs: {},
    shards: "none",
    build,
  });

const built = (build: () => never) => {
  const entry = createCatalogue([guardPlugin(plugin(loss(build)))]).get("loss", "theirs/broken");
  return () => entry.build({}, {}, {} as never);
};

describe("guardPlugin", () => {
  it("tells whose fault an error is that has no code", () => {
    const broken = built(() => {
      throw new TypeError("x is undefined");
    });
    expect(broken).toThrowError(
      expect.objectContaining({
        code: "PLUGIN_FAILED",
        message: 'plugin "theirs" failed: TypeError: x is undefined',
        where: 'build of loss "theirs/broken", plugin "theirs" 1.2.3',
      }),
    );
  });

  it("leaves errors with a code as they are", () => {
    const error = new DataError("MINE", "said by the plugin itself");
    const refusing = built(() => {
      throw error;
    });
    expect(refusing).toThrowError(error);
  });

  it("guards what comes later, and entries that are of a class", async () => {
    class Backend {
      readonly kind = "backend";
      readonly name = "theirs";
      readonly summary = "A backend for tests.";
      readonly config = z.strictObject({});
      reason = "out of order";
      async create() {
        throw new Error(this.reason);
      }
    }
    const entry = createCatalogue([guardPlugin(plugin(new Backend()))]).get("backend", "theirs");
    await expect(entry.create({})).rejects.toMatchObject({
      code: "PLUGIN_FAILED",
      where: 'create of backend "theirs", plugin "theirs" 1.2.3',
    });
  });

  it("guards what a sampler makes, whatever it is made of", () => {
    class Batches {
      #left = 1;
      get batchesPerEpoch() {
        return this.#left;
      }
      next(): never {
        this.#left = 0;
        throw new RangeError("no more");
      }
      state() {
        return this.#left;
      }
      restore() {}
    }
    const sampler = defineSampler({
      name: "theirs",
      summary: "A sampler for tests.",
      config: z.strictObject({}),
      create: () => new Batches(),
    });
    const made = createCatalogue([guardPlugin(plugin(sampler))])
      .get("sampler", "theirs")
      .create({} as never);
    expect(made.batchesPerEpoch).toBe(1);
    expect(() => made.next()).toThrowError(
      expect.objectContaining({ code: "PLUGIN_FAILED", where: 'next of sampler "theirs", plugin "theirs" 1.2.3' }),
    );
    expect([made.batchesPerEpoch, made.state()]).toEqual([0, 0]);
  });

  it("changes nothing of what works", () => {
    const sampler = defineSampler({
      name: "theirs",
      summary: "A sampler for tests.",
      source: "nobody",
      config: z.strictObject({ a: z.number().default(3).describe("a") }),
      create: ({ rows }) => ({ batchesPerEpoch: rows }) as never,
    });
    const catalogue = createCatalogue([guardPlugin(plugin(Object.freeze(sampler)))]);
    const { entry, config } = catalogue.choose("sampler", "theirs");
    expect({ ...entry, create: sampler.create }).toEqual(sampler);
    expect(entry.create({ rows: 7, config, key: {} as never }).batchesPerEpoch).toBe(7);
    expect(catalogue.pluginOf(entry)).toMatchObject({ name: "theirs", version: "1.2.3" });
  });
});
