import { readFileSync } from "node:fs";
import { CATALOGUE, type Catalogue } from "@semblance/core";
import { expect, it } from "vitest";
import { compose } from "../compose.js";
import { jobJsonSchema } from "./job-json-schema.js";

const catalogue = compose().resolve<Catalogue>(CATALOGUE);

it("is what schema/job.schema.json holds; scripts/write-schema.mjs writes it anew", () => {
  const file = JSON.parse(readFileSync(new URL("../../schema/job.schema.json", import.meta.url), "utf8"));
  expect(file).toEqual(JSON.parse(JSON.stringify(jobJsonSchema(catalogue))));
});

it("knows the keys of a loss by its name, and that a kernel is a kernel", () => {
  const { $defs } = jobJsonSchema(catalogue) as { $defs: { loss: { anyOf: [unknown, unknown, { allOf: Branch[] }] } } };
  const branch = $defs.loss.anyOf[2].allOf.find((each) => each.if.properties.name.const === "gemini/mmd-ova");
  expect(Object.keys(branch!.then.properties)).toEqual(["name", "clusters", "kernel"]);
  expect(branch!.then.properties.kernel).toMatchObject({ $ref: "#/$defs/kernel", default: "linear" });
});

interface Branch {
  readonly if: { readonly properties: { readonly name: { readonly const: string } } };
  readonly then: { readonly properties: Readonly<Record<string, unknown>> };
}
