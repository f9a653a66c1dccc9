import { createCatalogue, Key, type NdArray, type ParameterArrays, sizeOf } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { modelsPlugin } from "./models-plugin.js";

const key = Key.fromSeed(11);
const catalogue = createCatalogue([modelsPlugin]);

function init(name: string, keys: Record<string, unknown>, item: number[], outputs = 10) {
  const { entry, config } = catalogue.choose("model", { name, ...keys });
  const arrays = entry.init(key, { item, outputs, rows: 1 }, config);
  const running = new Set(entry.running?.(config) ?? []);
  return { arrays, running };
}

const count = (arrays: ParameterArrays, except = new Set<string>()) =>
  Object.entries(arrays).reduce((total, [name, { shape }]) => total + (except.has(name) ? 0 : sizeOf(shape)), 0);

function spread(array: NdArray) {
  const data = Float64Array.from(array.data);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, variance, largest, length: data.length };
}

describe("lenet5", () => {
  it.each([
    ["MNIST", {}, [28, 28], 61_706],
    ["CIFAR-10, channels last", { features: 250 }, [32, 32, 3], 83_752],
    ["CIFAR-10, channels first", { features: 250 }, [3, 32, 32], 83_752],
    ["MNIST in rows", { image: [28, 28] }, [784], 61_706],
  ])("has the parameters of the experiment on %s", (_, keys, item, expected) => {
    expect(count(init("lenet5", keys, item).arrays)).toBe(expected);
  });

  it("starts uniform within 1/√fan-in, biases too", () => {
    const { arrays } = init("lenet5", {}, [28, 28]);
    for (const [name, fanIn] of [
      ["conv.0.weight", 25],
      ["conv.1.weight", 150],
      ["conv.2.weight", 400],
      ["conv.2.bias", 400],
      ["features.weight", 120],
    ] as const) {
      const { variance, largest, length } = spread(arrays[name]!);
      expect(largest, name).toBeLessThanOrEqual(1 / Math.sqrt(fanIn));
      // The square of a uniform variable has standard deviation √(4/45)·bound².
      expect(Math.abs(variance * fanIn - 1 / 3), name).toBeLessThan((5 * Math.sqrt(4 / 45)) / Math.sqrt(length));
    }
  });

  it.each([
    ["a vector", {}, [784], "IMAGE_MISSHAPEN"],
    ["a picture of another size", { image: [28, 28] }, [100], "IMAGE_MISSHAPEN"],
    ["four axes", {}, [1, 2, 3, 4], "IMAGE_MISSHAPEN"],
    ["no pixels", {}, [28, 0], "IMAGE_EMPTY"],
    ["few on both sides", {}, [3, 5, 4], "CHANNELS_UNKNOWN"],
    ["many on both sides", {}, [8, 8, 8], "CHANNELS_UNKNOWN"],
  ])("refuses %s", (_, keys, item, code) => {
    expect(() => init("lenet5", keys, item)).toThrowError(expect.objectContaining({ code }));
  });

  it("takes the side that was named", () => {
    const channels = (layout: string) =>
      init("lenet5", { channels: layout }, [3, 5, 4]).arrays["conv.0.weight"]!.shape[1];
    expect([channels("first"), channels("last")]).toEqual([3, 4]);
  });
});

describe("resnet18", () => {
  const { arrays, running } = init("resnet18", {}, [32, 32, 3]);

  it("has 11,689,512 parameters before the head, running statistics apart", () => {
    expect(count(arrays, running)).toBe(11_689_512 + 1000 * 10 + 10);
    // Two numbers for each of the channels that are normalised.
    const units = 64 * 5 + 128 * 5 + 256 * 5 + 512 * 5;
    expect(count(arrays) - count(arrays, running)).toBe(2 * units);
    expect([...running].every((name) => Object.hasOwn(arrays, name))).toBe(true);
  });

  it("starts its convolutions normal by fan-out, and its normalisations as nothing", () => {
    for (const [name, fanOut] of [
      ["stem.conv.weight", 64 * 49],
      ["stage.0.0.first.conv.weight", 64 * 9],
      ["stage.1.0.around.conv.weight", 128],
      ["stage.3.1.second.conv.weight", 512 * 9],
    ] as const) {
      const { mean, variance, length } = spread(arrays[name]!);
      const expected = 2 / fanOut;
      expect(Math.abs(mean), name).toBeLessThan(5 * Math.sqrt(expected / length));
      // The square of a normal variable has standard deviation √2·variance.
      expect(Math.abs(variance / expected - 1), name).toBeLessThan((5 * Math.SQRT2) / Math.sqrt(length));
    }
    const only = (name: string, value: number) => expect(new Set(arrays[name]!.data)).toEqual(new Set([value]));
    only("stem.norm.scale", 1);
    only("stem.norm.offset", 0);
    only("stem.norm.mean", 0);
    only("stem.norm.variance", 1);
  });
});
