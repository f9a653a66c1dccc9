import { expect, it } from "vitest";
import { repeatedKey } from "./repeated-key.js";

it.each([
  ['{"a":1,"b":2}', undefined],
  ['{"a":1,"a":2}', "a"],
  ['{"a" : {"a":1,"a":2}, "b":["a","a"]}', undefined],
  ['{"a":"\\"a\\":", "b\\\\":1, "b":2}', undefined],
  ['{"\\u0061":1, "a"\n:2}', "a"],
  ["{}", undefined],
])("finds the repeated top-level key of %s", (json, key) => {
  expect(repeatedKey(json)).toBe(key);
});
