import { isSemblanceError } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { readYaml } from "./read-yaml.js";

function told(text: string): string {
  try {
    readYaml(text, "job.yaml");
  } catch (error) {
    if (isSemblanceError(error)) return `${error.code} at ${error.where}: ${error.message}`;
    throw error;
  }
  return "read";
}

describe("readYaml", () => {
  it("gives values and the lines of their keys", () => {
    const yaml = readYaml(
      "task: cluster\ndata:\n  source: a.csv\n  columns: [x, y]\nloss: { name: l, clusters: 3 }\n",
      "job.yaml",
    );
    expect(yaml.value).toEqual({
      task: "cluster",
      data: { source: "a.csv", columns: ["x", "y"] },
      loss: { name: "l", clusters: 3 },
    });
    expect(yaml.lineOf(["data", "source"])).toBe(3);
    expect(yaml.lineOf(["data", "columns", "1"])).toBe(4);
    expect(yaml.lineOf(["loss", "clusters"])).toBe(5);
    expect(yaml.lineOf(["loss", "missing"])).toBe(5);
    expect(yaml.lineOf(["missing"])).toBeUndefined();
  });

  it("lets an anchor be used again", () => {
    const yaml = readYaml("a: &same { x: 1 }\nb: *same\n", "job.yaml");
    expect(yaml.value).toEqual({ a: { x: 1 }, b: { x: 1 } });
    expect(yaml.lineOf(["b", "x"])).toBe(1);
  });

  it.each([
    ["", "JOB_EMPTY"],
    ["# nothing\n", "JOB_EMPTY"],
    ["- a\n- b\n", "JOB_NOT_A_MAPPING"],
    ["just words", "JOB_NOT_A_MAPPING"],
    ["a: &x [*x]", "YAML_LOOP"],
    ["a: &x\n  b:\n    c: *x\n", "YAML_LOOP"],
    ["a: *nobody", "YAML_ALIAS_UNKNOWN"],
    ["a: 1\nb: 2\na: 3\n", "YAML_KEY_TWICE"],
    ["data: { a: 1, a: 2 }", "YAML_KEY_TWICE"],
    ["a:\n\tb: 1\n", "YAML_TAB"],
    ["a: [1, 2", "YAML_INVALID"],
    ["a: 'open", "YAML_INVALID"],
    ["a: 1\n---\nb: 2\n", "YAML_INVALID"],
    ["a: !!js/function 'x'", "YAML_TAG"],
    [`a: ${"[".repeat(100_000)}`, "YAML_TOO_DEEP"],
    [`a: ${"[".repeat(70)}${"]".repeat(70)}`, "YAML_TOO_DEEP"],
    [`a:\n${"- ".repeat(50_000)}1`, "YAML_TOO_DEEP"],
    [Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"), "YAML_TOO_DEEP"],
  ])("refuses %j", (text, code) => {
    expect(told(text).split(" ")[0]).toBe(code);
  });

  it("stops aliases that multiply", () => {
    const levels = "abcdefgh".split("");
    const text = levels.map((name, i) => {
      const of = i === 0 ? "x" : `*${levels[i - 1]}`;
      return `${name}: &${name} [${Array(10).fill(of).join(", ")}]`;
    });
    expect(told(text.join("\n"))).toMatch(/^YAML_TOO_MANY_ALIASES/);
  });

  it("says the line", () => {
    expect(told("a: 1\nb: 2\na: 3\n")).toMatchInlineSnapshot(
      `"YAML_KEY_TWICE at job.yaml:3: the key stands there twice"`,
    );
    expect(told("a: &x\n  b: *x\n")).toMatchInlineSnapshot(
      `"YAML_LOOP at job.yaml:2: alias *x stands inside what it repeats"`,
    );
  });
});
