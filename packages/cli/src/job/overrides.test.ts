import { describe, expect, it } from "vitest";
import { jobFrom } from "./job-source.js";
import { override, parseOverride } from "./overrides.js";

const source = jobFrom(
  { loss: "gemini/mmd-ova", model: { name: "mlp", hidden: [64] }, epochs: 5 },
  { name: "job", folder: "/" },
);
const apply = (...texts: string[]) => override(source, texts.map(parseOverride));
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

describe("--set", () => {
  it("takes values as YAML does", () => {
    expect(
      apply("epochs=7", "model.hidden=[8, 8]", "data.standardise=true", "data.source=a=b.csv").value,
    ).toMatchObject({
      epochs: 7,
      model: { name: "mlp", hidden: [8, 8] },
      data: { standardise: true, source: "a=b.csv" },
    });
    expect(apply("model.hidden.0=3").value.model).toEqual({ name: "mlp", hidden: [3] });
  });

  it("gives keys to a component that was named only", () => {
    expect(apply("loss.clusters=4").value.loss).toEqual({ name: "gemini/mmd-ova", clusters: 4 });
  });

  it("lets the last one win and says which option a value came from", () => {
    const { value, locate } = apply("epochs=7", "epochs=8");
    expect(value.epochs).toBe(8);
    expect(locate(["epochs"])).toBe("--set epochs=8");
    expect(locate(["loss"])).toBe('job, key "loss"');
    expect(apply("loss={ name: x }").locate(["loss", "name"])).toBe("--set loss={ name: x }");
  });

  it("is where a key comes from that the job does not have", () => {
    const { locate } = apply("loss.distance.quantile=0.3");
    expect(locate(["loss", "distance"])).toBe("--set loss.distance.quantile=0.3");
    expect(locate(["loss"])).toBe('job, key "loss"');
  });

  it("says that YAML wants a space after a colon", () => {
    const parse = () => parseOverride("loss={name:gemini/mmd-ovo,kernel:rbf}");
    expect(parse).toThrow('"name:gemini/mmd-ovo" is one key without a value');
    expect(parse).toThrow(
      expect.objectContaining({
        fix: "Write a space after the colon, and quotes around it all: --set 'loss={name: gemini/mmd-ovo,kernel: rbf}'.",
      }),
    );
    expect(parseOverride("a={x: null, 'y:z': 1}").value).toEqual({ x: null, "y:z": 1 });
  });

  it("does not reach the prototype", () => {
    const { value } = apply("__proto__.polluted=1");
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.keys(value)).toContain("__proto__");
  });

  it.each([
    "epochs",
    "=5",
    "a..b=1",
    "a.=1",
    "a=[1",
    "a=*x",
    "a=&x [*x]",
    `a=${"[".repeat(5000)}`,
    "model.hidden.9=1",
    "epochs.x=1",
  ])("refuses %j", (text) => {
    expect(codeOf(() => apply(text))).toBe("SET_INVALID");
  });
});
