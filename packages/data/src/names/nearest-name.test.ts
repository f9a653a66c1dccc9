import { describe, expect, it } from "vitest";
import { listNames, nearestName } from "./nearest-name.js";

describe("nearestName", () => {
  const names = ["label", "petal length", "x"];
  it.each([
    ["lable", "label"],
    ["LABEL", "label"],
    ["petal_length", "petal length"],
    ["y", "x"],
    ["colour", undefined],
    ["", undefined],
    ["z".repeat(100_000), undefined],
  ])("takes %j for %j", (name, expected) => expect(nearestName(name, names)).toBe(expected));
});

describe("listNames", () => {
  it("shows the first few", () => {
    expect(listNames(["a", "b"])).toBe('"a", "b"');
    expect(listNames(["a", "b", "c"], 1)).toBe('"a" and 2 more');
  });
});
