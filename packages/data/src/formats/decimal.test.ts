import { describe, expect, it } from "vitest";
import { faultOf, parseDecimal } from "./decimal.js";

describe("parseDecimal", () => {
  it.each([
    ["0", 0],
    ["-1.5", -1.5],
    ["+2", 2],
    [" 3. ", 3],
    [".5", 0.5],
    ["1e3", 1000],
    ["2.5E-2", 0.025],
    ["007", 7],
    ["1e-400", 0],
  ])("reads %j as %d", (cell, value) => expect(parseDecimal(cell)).toBe(value));

  it.each([
    ["", "empty"],
    ["  ", "empty"],
    ["nan", "not-a-number"],
    ["NA", "not-a-number"],
    ["null", "not-a-number"],
    ["inf", "infinite"],
    ["-Infinity", "infinite"],
    ["1e400", "infinite"],
    ["1_000", "text"],
    ["0x10", "text"],
    ["0b1", "text"],
    ["1,5", "text"],
    ["1 2", "text"],
    ["1e", "text"],
    [".", "text"],
    ["١", "text"],
  ])("refuses %j as %s", (cell, fault) => {
    expect(parseDecimal(cell)).toBeNaN();
    expect(faultOf(cell)).toBe(fault);
  });

  it("takes linear time on a hostile cell", () => {
    const cell = `${"1".repeat(1_000_000)}x`;
    const start = performance.now();
    expect(parseDecimal(cell)).toBeNaN();
    // Quadratic backtracking would take minutes.
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
