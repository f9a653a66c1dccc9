import { expect, it } from "vitest";
import { suggest } from "./near-names.js";

const ids = (count: number) => Array.from({ length: count }, (_, row) => `w${row}`);

it("lists names whole while they can be read, and the first of many", () => {
  expect(suggest("nothing like it", ["alpha", "beta"])).toBe("There are: alpha, beta.");
  expect(suggest("nothing like it", ids(41))).toBe(`There are: ${ids(41).join(", ")}.`);
  expect(suggest("nothing like it", ids(1_000))).toBe(`There are: ${ids(40).join(", ")} and 960 more.`);
});

it("names what is near", () => {
  expect(suggest("alpa", ["alpha", "beta"])).toBe('Did you mean "alpha"?');
});
