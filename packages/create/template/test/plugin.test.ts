import { readFileSync } from "node:fs";
import { createCatalogue } from "@semblance/core";
import { describePlugin } from "@semblance/core/testing";
import { expect, it } from "vitest";
import plugin, { cauchy } from "../src/index.js";

describePlugin(plugin);

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

it("has the name, version and core of its package.json", () => {
  expect(plugin.name).toBe(manifest.name);
  expect(plugin.version).toBe(manifest.version);
  expect(plugin.core).toBe(manifest.peerDependencies["@semblance/core"]);
});

it("is found by name, with its defaults", () => {
  expect(createCatalogue([plugin]).choose("kernel", cauchy.name).config).toEqual({ gamma: 1 });
});
