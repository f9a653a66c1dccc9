import { describe, expect, it } from "vitest";
import { listNames } from "./list-names.js";

describe("listNames", () => {
  it("shows the first few", () => {
    expect(listNames(["a", "b"])).toBe('"a", "b"');
    expect(listNames(["a", "b", "c"], 1)).toBe('"a" and 2 more');
  });
});
