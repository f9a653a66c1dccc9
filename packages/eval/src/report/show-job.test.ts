import { expect, it } from "vitest";
import { showJob } from "./show-job.js";

it("reads like the job file it came from", () => {
  const job = {
    task: "cluster",
    seed: 0,
    data: { source: "builtin:digits", labels: null },
    hidden: [1200, 10],
    plugins: [{ name: "a", as: "true" }],
  };
  expect(showJob(job)).toBe(
    `task: cluster
seed: 0
data:
  source: "builtin:digits"
  labels: null
hidden: [1200, 10]
plugins:
  -
    name: a
    as: "true"`,
  );
});

it("shows whatever it is given, at a bounded length", () => {
  const cycle: Record<string, unknown> = { weights: new Float32Array(1e6), apply: () => 1, big: 10n };
  cycle.self = cycle;
  expect(showJob(cycle)).toBe("weights: (1000000 numbers)\napply: (function)\nbig: 10\nself: (itself)");
  expect(showJob(Array.from({ length: 1e5 }, () => 1))).toMatch(/… 99960 more\]$/);
  expect(showJob(undefined)).toBe("undefined");
});
