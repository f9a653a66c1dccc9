import { z } from "zod";
import { ConfigError } from "../errors.js";
import { describeIssue, lacksName } from "./describe-issue.js";
import { suggest } from "./near-names.js";

/**
 * Checks a configuration against its schema and fills in defaults.
 *
 * @throws ConfigError CONFIG_KEY_UNKNOWN (naming the near key), CONFIG_INVALID (naming the key and what it takes).
 */
export function parseConfig<Config>(schema: z.ZodType<Config>, raw: unknown, where: string): Config {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A key that nobody knows is often the one that is missing, misspelt.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  const path = issue!.path.map(String);
  if (issue!.code === "unrecognized_keys") {
    const [key] = issue!.keys;
    const known = keysAt(schema, path);
    throw new ConfigError("CONFIG_KEY_UNKNOWN", `unknown key "${[...path, key].join(".")}"`, {
      where,
      fix: suggest(key!, known),
    });
  }
  const key = path.join(".");
  const value = path.reduce<unknown>(memberOf, raw);
  const words = describeIssue(issue!, value);
  throw new ConfigError("CONFIG_INVALID", key ? `"${key}" ${words}` : words, {
    where,
    fix: lacksName(issue!, value)
      ? `Say whose keys they are: ${path.at(-1) ?? "component"}: ${withName(value)}.`
      : (describeAt(schema, path) ?? "Correct the value."),
  });
}

function withName(keys: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(keys).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `{ ${["name: …", ...entries].join(", ")} }`;
}

const memberOf = (value: unknown, key: string) => (value as Record<string, unknown> | null | undefined)?.[key];

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
  /** Of a list, what each of its entries is. */
  readonly items?: SchemaNode;
  readonly description?: string;
}

function nodesAt(schema: z.ZodType, path: readonly string[]): SchemaNode[] {
  let nodes: SchemaNode[] = [jsonSchemaOf(schema)];
  for (const key of path) {
    nodes = nodes
      .flatMap((node) => [node, ...(node.anyOf ?? [])])
      .flatMap((node) => node.properties?.[key] ?? (/^\d+$/.test(key) ? (node.items ?? []) : []));
  }
  return nodes.flatMap((node) => [node, ...(node.anyOf ?? [])]);
}

function keysAt(schema: z.ZodType, path: readonly string[]): string[] {
  return nodesAt(schema, path).flatMap((node) => Object.keys(node.properties ?? {}));
}

function describeAt(schema: z.ZodType, path: readonly string[]): string | undefined {
  const description = nodesAt(schema, path).find((node) => node.description)?.description;
  return description && `${path.join(".")}: ${description}.`;
}

/** The JSON Schema of a configuration, for editors and for `list`. */
export function jsonSchemaOf(schema: z.ZodType): SchemaNode & Record<string, unknown> {
  return z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as SchemaNode & Record<string, unknown>;
}
