import { expect, it } from "vitest";
import { showNumber, showScore, showShare } from "./numbers.js";

it.each([
  [0, "0"],
  [-0, "0"],
  [-0.12345, "−0.1235"],
  [1234567, "1,234,567"],
  [123456789, "1.23×10⁸"],
  [0.0000123, "1.23×10⁻⁵"],
  [Number.NaN, "not a number"],
  [Number.NEGATIVE_INFINITY, "−∞"],
])("showNumber(%s) is %s", (value, text) => {
  expect(showNumber(value)).toBe(text);
});

it("keeps all and nothing apart from nearly", () => {
  expect([0, 0.0002, 0.1234, 0.9999, 1].map(showShare)).toEqual(["0 %", "< 0.1 %", "12.3 %", "> 99.9 %", "100 %"]);
  expect([0, 0.5, -0.12345, 0.00012].map(showScore)).toEqual(["0", "0.500", "−0.123", "0.00012"]);
});
