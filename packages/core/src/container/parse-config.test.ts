import { describe, expect, it } from "vitest";
import { z } from "zod";
import { componentReference } from "../contracts/component-reference.js";
import { parseConfig } from "./parse-config.js";

const schema = z.strictObject({ distance: componentReference("distance").default("euclidean") });
const refused = (distance: unknown) => {
  try {
    parseConfig(schema, { distance }, "loss");
  } catch (error) {
    const { code, message, fix } = error as { code: string; message: string; fix: string };
    return { code, message, fix };
  }
  return undefined;
};

describe("parseConfig, of a component inside a configuration", () => {
  it("says that keys lack a name, and where it goes", () => {
    expect(refused({ quantile: 0.3, connected: true })).toEqual({
      code: "CONFIG_INVALID",
      message: '"distance" has keys and no name: {"quantile":0.3,"connected":true}',
      fix: "Say whose keys they are: distance: { name: …, quantile: 0.3, connected: true }.",
    });
    expect(refused({})?.fix).toBe("Say whose keys they are: distance: { name: … }.");
  });

  it("tells what else is no component by its forms", () => {
    expect(refused(3)).toEqual({
      code: "CONFIG_INVALID",
      message: '"distance" has none of the forms that are taken: 3',
      fix: "distance: a distance: its name, or { name, …its keys }.",
    });
    expect(refused({ name: 3 })?.message).toBe('"distance" has none of the forms that are taken: {"name":3}');
    expect(refused({ name: "hop", quantile: 0.3 })).toBeUndefined();
  });
});

it("knows the keys of what stands in a list", () => {
  const stages = z.strictObject({
    stages: z.array(z.strictObject({ epochs: z.int().describe("how many"), loss: z.string() })),
  });
  const given = {
    stages: [
      { epochs: 1, loss: "x" },
      { epochs: 1, loss: "y", mine: "z" },
    ],
  };
  expect(() => parseConfig(stages, given, "job")).toThrowError(
    expect.objectContaining({ message: 'unknown key "stages.1.mine"', fix: "There are: epochs, loss." }),
  );
  expect(() => parseConfig(stages, { stages: [{ epochs: "many", loss: "x" }] }, "job")).toThrowError(
    expect.objectContaining({ fix: "stages.0.epochs: how many." }),
  );
});
