import { expect, it } from "vitest";
import { DataError } from "../errors.js";
import { runWithAdvice } from "./describe-checks.js";

it("writes where and fix into the message, which is all that a runner prints", async () => {
  const coded = new DataError("ROW_BAD", "row 3 is bad", { where: "rows.csv:4", fix: "Leave it out." });
  await expect(runWithAdvice(() => Promise.reject(coded))).rejects.toThrow(
    "row 3 is bad\n  where: rows.csv:4\n  fix: Leave it out.",
  );
  await expect(runWithAdvice(() => Promise.reject(new RangeError("plain")))).rejects.toThrow(/^plain$/);
  await runWithAdvice(async () => {});
});
