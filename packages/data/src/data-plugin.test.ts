import { readFileSync } from "node:fs";
import { createCatalogue } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { dataPlugin } from "./data-plugin.js";
import { VERSION } from "./version.js";

describe("dataPlugin", () => {
  it("registers data sets and samplers", async () => {
    const catalogue = createCatalogue([dataPlugin]);
    expect(catalogue.list("dataset").map(({ name }) => name)).toEqual(["blobs", "digits"]);
    expect(catalogue.choose("sampler", "shuffle").config).toEqual({ batchSize: 256, dropLast: false });
    expect((await catalogue.get("dataset", "digits").load()).test?.features.shape).toEqual([1797, 64]);
  });

  it("states the version of its package", () => {
    const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(VERSION).toBe(manifest.version);
  });
});
