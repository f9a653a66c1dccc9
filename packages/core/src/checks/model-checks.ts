import { type Shape, showShape } from "../arrays/nd-array.js";
import type { Catalogue } from "../container/catalogue.js";
import type { Model, ModelShape } from "../contracts/model.js";
import { Key } from "../random/key.js";
import type { Check } from "./check.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";
import { checkModelGradients } from "./model/gradients.js";
import { checkForeignItems, checkInit, checkOutputs } from "./model/init-and-outputs.js";
import type { ModelSubject } from "./model/model-subject.js";
import { checkAgrees, checkExportable, checkRowsApart } from "./model/running.js";
import { type NamedBackends, REFERENCE_ONLY, withBackend } from "./named-backends.js";

export interface ModelCheckOptions {
  readonly backends?: NamedBackends;
  readonly examples?: readonly ExampleConfig[];
  /** Where kernels that a model names are looked up. */
  readonly catalogue?: Catalogue;
  /** Shapes of items instead of the model's own `exampleItems`. */
  readonly items?: readonly Shape[];
}

/** Vectors: what a model takes unless it says otherwise. */
const ITEMS: readonly Shape[] = [[5]];
const OUTPUTS = 3;
const ROWS = 7;

/**
 * What every model owes, for each example configuration and shape of item: weights that depend on the key alone, outputs of the right
 * shapes with posteriors on the simplex, gradients by its weights, rows that do not see each other outside of training, sense about
 * foreign items, the same on every backend, and an inference that can be exported.
 */
export function modelChecks(model: Model, options: ModelCheckOptions = {}): Check[] {
  const { backends = REFERENCE_ONLY } = options;
  const group = groupOf(model);
  const checks = entryChecks(model, options.examples);
  const items = options.items ?? model.exampleItems ?? ITEMS;
  const key = Key.fromSeed(20_260_108).fold(model.name);
  for (const example of examplesOf(model, options.examples)) {
    for (const item of items) {
      const parts = [
        ...(Object.keys(example).length > 0 ? [JSON.stringify(example)] : []),
        ...(items.length > 1 ? [`items ${showShape(item)}`] : []),
      ];
      const suffix = parts.length > 0 ? ` with ${parts.join(" and ")}` : "";
      const shape: ModelShape = { item, outputs: OUTPUTS, rows: ROWS };
      const add = (title: string, run: (subject: ModelSubject) => Promise<void>) =>
        checks.push({
          group,
          title: title + suffix,
          run: async () => run({ model, config: settled(model, example), shape, key, catalogue: options.catalogue }),
        });
      add("makes its weights from the key alone", checkInit);
      add("gives outputs of the right shapes, posteriors on the simplex", checkOutputs);
      add("has the gradients of differences by its weights", checkModelGradients);
      add("works on or refuses items of another shape", checkForeignItems);
      add("can be exported", checkExportable);
      for (const [name, make] of Object.entries(backends)) {
        add(`keeps rows apart outside of training on ${name}`, (subject) =>
          withBackend(make, (backend) => checkRowsApart(subject, backend)),
        );
        add(`agrees with the reference and repeats itself on ${name}`, (subject) =>
          withBackend(make, (backend) => checkAgrees(subject, backend)),
        );
      }
    }
  }
  return checks;
}
