import { type Catalogue, type Entry, jsonSchemaOf, KINDS, type Kind } from "@semblance/core";
import { jobSchema, regulariserKeys } from "./job-schema.js";

type Schema = Readonly<Record<string, unknown>>;

/** Where the published schema can be read from, which is also its name. */
const ID = "https://semblance.dev/schema/job.schema.json";

/** The parts of a job that name a component, and the kind that they name. */
const COMPONENTS: Readonly<Record<string, Kind>> = {
  backend: "backend",
  model: "model",
  loss: "loss",
  miner: "miner",
  sampler: "sampler",
};

/**
 * The JSON Schema of a job file, for editors: with the keys of every component in the catalogue, completed by the component's name.
 * Names that it does not know are allowed, since plugins bring more.
 */
export function jobJsonSchema(catalogue: Catalogue): Schema {
  const { $schema, properties, ...rest } = jsonSchemaOf(jobSchema) as Schema & {
    readonly properties: Readonly<Record<string, Schema>>;
  };
  const own = (key: string) => withoutShape(properties[key]!);
  const components = Object.entries(COMPONENTS).map(([key, kind]) => [key, { ...own(key), ...reference(kind) }]);
  type Keyed = { readonly properties: Readonly<Record<string, Schema>> };
  const [evaluate, validation] = [properties.evaluate as Keyed, properties.validation as Keyed];
  return {
    $schema,
    $id: ID,
    title: "Semblance job",
    ...rest,
    properties: {
      ...properties,
      ...Object.fromEntries(components),
      optimizer: { ...own("optimizer"), ...optimizer(catalogue, properties.optimizer!) },
      stages: { ...properties.stages, items: withLoss((properties.stages as { items: ObjectSchema }).items) },
      warmup: {
        ...own("warmup"),
        anyOf: (properties.warmup as { anyOf: ObjectSchema[] }).anyOf.map((each) =>
          each.properties ? withLoss(each) : each,
        ),
      },
      regularisers: { ...properties.regularisers, items: weighted(catalogue) },
      validation: {
        ...validation,
        properties: {
          ...validation.properties,
          measure: { ...validation.properties.measure, ...reference("measure") },
        },
      },
      evaluate: {
        ...evaluate,
        properties: {
          ...evaluate.properties,
          measures: { ...evaluate.properties.measures, items: reference("measure") },
        },
      },
    },
    $defs: Object.fromEntries(
      // A regulariser is named in one place alone, where it has a weight too.
      KINDS.filter((kind) => kind !== "regulariser" && catalogue.list(kind).length > 0).map((kind) => [
        kind,
        component(catalogue.list(kind), (entry) => propertiesOf(catalogue, entry)),
      ]),
    ),
  };
}

interface ObjectSchema extends Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** An object whose key `loss` names a loss. */
const withLoss = (schema: ObjectSchema): Schema => ({
  ...schema,
  properties: {
    ...schema.properties,
    loss: { ...withoutShape(schema.properties?.loss ?? {}), ...reference("loss") },
  },
});

const reference = (kind: Kind): Schema => ({ $ref: `#/$defs/${kind}` });

/** A component by name, or as an object whose keys follow from its name. */
function component(entries: readonly Entry[], keysOf: (entry: Entry) => Schema): Schema {
  const names = { anyOf: [{ enum: entries.map(({ name }) => name) }, { type: "string" }] };
  return {
    anyOf: [
      ...names.anyOf,
      { type: "object", required: ["name"], properties: { name: names }, allOf: branches(entries, keysOf) },
    ],
  };
}

function branches(entries: readonly Entry[], keysOf: (entry: Entry) => Schema): Schema[] {
  return entries.map((entry) => ({
    if: { properties: { name: { const: entry.name } }, required: ["name"] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword.
    then: {
      description: entry.summary,
      properties: { name: { const: entry.name }, ...keysOf(entry) },
      additionalProperties: false,
    },
  }));
}

/** A component's keys; one that is called like a kind names a component of that kind. */
function propertiesOf(catalogue: Catalogue, { config }: Entry): Schema {
  const properties = (jsonSchemaOf(config).properties ?? {}) as Readonly<Record<string, Schema>>;
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => {
      const kind = KINDS.find((candidate) => candidate === key && catalogue.list(candidate).length > 0);
      return [key, kind ? { ...withoutShape(schema), ...reference(kind) } : schema];
    }),
  );
}

/** The optimizer's own keys stand beside those of the job. */
function optimizer(catalogue: Catalogue, { properties }: Schema): Schema {
  const { name, ...shared } = properties as Readonly<Record<string, Schema>>;
  const keys = { ...shared, schedule: { ...withoutShape(shared.schedule!), ...reference("schedule") } };
  const entries = catalogue.list("optimizer");
  const names = { ...withoutShape(name!), anyOf: [{ enum: entries.map((entry) => entry.name) }, { type: "string" }] };
  return {
    type: "object",
    properties: { ...keys, name: names },
    allOf: branches(entries, (entry) => ({ ...keys, ...propertiesOf(catalogue, entry) })),
  };
}

/** A regulariser's keys, with the job's own key weight beside them. */
function weighted(catalogue: Catalogue): Schema {
  const own = jsonSchemaOf(regulariserKeys).properties as Readonly<Record<string, Schema>>;
  return component(catalogue.list("regulariser"), (entry) => ({ ...propertiesOf(catalogue, entry), ...own }));
}

/** What a schema says for people, and its default. */
function withoutShape({ description, default: fallback }: Schema): Schema {
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}
