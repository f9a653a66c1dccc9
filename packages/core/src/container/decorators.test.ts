import { expect, it } from "vitest";
import { definePlugin } from "../contracts/plugin.js";
import { VERSION } from "../version.js";
import type { Catalogue } from "./catalogue.js";
import { createContainer } from "./create-catalogue.js";
import { inject, injectAll, injectable, Lifecycle } from "./decorators.js";
import { CATALOGUE } from "./tokens.js";

const NOTE = Symbol("note");

class Report {
  constructor(
    readonly catalogue: Catalogue,
    readonly notes: readonly string[],
  ) {}
}
// What a compiler makes of `@injectable()`, `@inject(CATALOGUE)` and `@injectAll(NOTE)`; tests are not compiled with decorators.
inject(CATALOGUE)(Report, undefined, 0);
injectAll(NOTE)(Report, undefined, 1);
injectable()(Report);

it("makes a decorated class, with what it asks for", () => {
  const plugin = definePlugin({ name: "none", version: "1.0.0", core: `^${VERSION}`, register: () => {} });
  const container = createContainer([plugin]);
  container.register(NOTE, { useValue: "one" }).register(NOTE, { useValue: "two" });
  const { catalogue, notes } = container.resolve(Report);
  expect(catalogue).toBe(container.resolve(CATALOGUE));
  expect(catalogue.plugins()).toContain(plugin);
  expect(notes).toEqual(["one", "two"]);
});

it("makes one for each run where it is registered so", () => {
  const container = createContainer().register(NOTE, { useValue: "one" });
  container.register(Report, Report, { lifecycle: Lifecycle.ContainerScoped });
  const [run, other] = [container.createChildContainer(), container.createChildContainer()];
  expect(run.resolve(Report)).toBe(run.resolve(Report));
  expect(run.resolve(Report)).not.toBe(other.resolve(Report));
});
