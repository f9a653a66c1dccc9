import { referenceBackend } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { digest, pytorchCases, pytorchProgram } from "./pytorch-case.js";

const expectClose = (actual: ArrayLike<number>, expected: readonly number[], what: string) => {
  expect(actual.length, what).toBe(expected.length);
  expected.forEach((value, at) => {
    expect(Math.abs(actual[at]! - value), `${what} [${at}]: ${actual[at]}, not ${value}`).toBeLessThan(
      1e-9 * Math.max(1, Math.abs(value)),
    );
  });
};

describe("networks are PyTorch's, number for number", () => {
  it.each(pytorchCases.map((own) => [`${own.model} ${JSON.stringify(own.config)}`, own] as const))(
    "%s",
    async (_, expected) => {
      const { program, feeds } = pytorchProgram(expected, "float64");
      const backend = referenceBackend();
      const results = await (await backend.compile(program)).run(feeds);
      await backend.dispose();
      expectClose(results.loss!.data, [expected.loss], "loss");
      expectClose(results.logits!.data, expected.logits, "logits");
      expectClose(results.inference!.data, expected.inference, "logits outside of training");
      for (const [name, value] of Object.entries(expected.gradients)) {
        expectClose(digest(results[`gradient/${name}`]!.data), value, `gradient of ${name}`);
      }
      for (const [name, value] of Object.entries(expected.running)) {
        expectClose(digest(results[name]!.data), value, name);
      }
      const known = [...Object.keys(expected.gradients).map((name) => `gradient/${name}`)];
      const made = Object.keys(results).filter((name) => name.startsWith("gradient/"));
      expect(made.sort()).toEqual(known.sort());
    },
  );
});
