import type { Shape } from "../arrays/nd-array.js";
import type { Catalogue, Chosen } from "../container/catalogue.js";
import { suggest } from "../container/near-names.js";
import type { Dataset } from "../contracts/dataset.js";
import type { ComponentReference } from "../contracts/entry.js";
import type { ModelShape } from "../contracts/model.js";
import type { ActiveRegulariser, RegulariserFacts } from "../contracts/regulariser.js";
import { ConfigError } from "../errors.js";
import { Key } from "../random/key.js";

/** A regulariser by name; with its keys and its weight where it has some. */
export type RegulariserReference =
  | string
  | { readonly name: string; readonly weight?: number; readonly [key: string]: unknown };

/** A regulariser at work in a learner. */
export interface LearnerRegulariser {
  /** Its name; numbered from the second of one name on. */
  readonly label: string;
  readonly chosen: Chosen<"regulariser">;
  readonly active: ActiveRegulariser;
  readonly weight: number;
}

/** A regulariser that makes an input of the loss, and adds no term. */
export interface LearnerSupplier {
  readonly input: string;
  readonly chosen: Chosen<"regulariser">;
  readonly active: ActiveRegulariser;
}

interface Surroundings {
  readonly catalogue: Catalogue;
  readonly data: Dataset;
  readonly model: Chosen<"model">;
  readonly shape: ModelShape;
}

/**
 * Regularisers by name, fitted to a model and a data set.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN, and what the regularisers themselves refuse
 */
export function chooseRegularisers(
  references: readonly RegulariserReference[],
  surroundings: Surroundings,
): LearnerRegulariser[] {
  const facts = factsOf(surroundings);
  const counts = new Map<string, number>();
  return references.map((reference, index) => {
    const { weight: given, ...component } = typeof reference === "string" ? { name: reference } : reference;
    const where = `regularisers, number ${index + 1}`;
    const chosen = surroundings.catalogue.choose("regulariser", component, where);
    const { name, defaultWeight = 1 } = chosen.entry;
    const weight = given ?? defaultWeight;
    if (typeof weight !== "number" || !Number.isFinite(weight) || weight < 0) {
      throw new ConfigError("CONFIG_INVALID", `"weight": a number from 0, not ${JSON.stringify(weight)}`, {
        where: `${where} (regulariser "${name}")`,
        fix: `Leave weight out for ${defaultWeight}, or pass how much the term counts beside the loss.`,
      });
    }
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const label = count === 1 ? name : `${name} ${count}`;
    return { label, chosen, weight, active: chosen.entry.create(facts, chosen.config) };
  });
}

/**
 * The regularisers that a loss has some of its inputs made by.
 *
 * @throws ConfigError NAME_UNKNOWN, CONFIG_INVALID, CONFIG_KEY_UNKNOWN, SUPPLIES_NOTHING
 */
export function chooseSuppliers({ entry, config }: Chosen<"loss">, surroundings: Surroundings): LearnerSupplier[] {
  const supplied: Readonly<Record<string, ComponentReference>> = entry.supplied?.(config) ?? {};
  return Object.entries(supplied).map(([input, reference]) => {
    const where = `loss "${entry.name}", input "${input}"`;
    const chosen = surroundings.catalogue.choose("regulariser", reference, where);
    const active = chosen.entry.create(factsOf(surroundings), chosen.config);
    if (!active.supply) {
      throw new ConfigError("SUPPLIES_NOTHING", `regulariser "${chosen.entry.name}" makes no inputs of losses`, {
        where,
        fix: "Name one that does, such as vat.",
      });
    }
    return { input, chosen, active };
  });
}

function factsOf({ data, model, shape }: Surroundings): RegulariserFacts {
  let shapes: Readonly<Record<string, Shape>> | undefined;
  return {
    data,
    shape,
    model: { name: model.entry.name, inductive: model.entry.inductive },
    // Large models are initialised for their shapes only where somebody asks.
    parameterShapes: () => {
      shapes ??= movedShapes(model, shape);
      return shapes;
    },
  };
}

function movedShapes({ entry, config }: Chosen<"model">, shape: ModelShape): Readonly<Record<string, Shape>> {
  const fixed = new Set(entry.running?.(config));
  return Object.fromEntries(
    Object.entries(entry.init(Key.fromSeed(0), shape, config)).flatMap(([name, array]) =>
      fixed.has(name) ? [] : [[name, array.shape]],
    ),
  );
}

/**
 * The shape of a weight that a regulariser names.
 *
 * @throws ConfigError PARAMETER_UNKNOWN
 */
export function parameterShape(facts: RegulariserFacts, name: string, regulariser: string): Shape {
  const shapes = facts.parameterShapes();
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (shape) return shape;
  throw new ConfigError("PARAMETER_UNKNOWN", `model "${facts.model.name}" has no weights named "${name}"`, {
    where: `regulariser "${regulariser}"`,
    fix: suggest(name, Object.keys(shapes)),
  });
}
