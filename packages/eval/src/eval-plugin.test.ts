import { readFileSync } from "node:fs";
import { createCatalogue } from "@semblance/core";
import { expect, it } from "vitest";
import { evalPlugin } from "./eval-plugin.js";
import { measures } from "./measures/catalogue.js";

it("brings every measure to a catalogue, under the package's own version", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(evalPlugin.version).toBe(version);
  const catalogue = createCatalogue([evalPlugin]);
  for (const { name } of measures) expect(catalogue.get("measure", name)).toMatchObject({ kind: "measure", name });
});
