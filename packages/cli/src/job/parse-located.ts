import { ConfigError, jsonSchemaOf, parseConfig } from "@semblance/core";
import type { z } from "zod";
import type { JobSource } from "./job-source.js";

/**
 * Checks a part of a job against its schema; an error says the line or option that the fault came from.
 *
 * @throws ConfigError JOB_KEY_MISSING, CONFIG_KEY_UNKNOWN, CONFIG_INVALID
 */
export function parseLocated<Value>(
  schema: z.ZodType<Value>,
  raw: unknown,
  source: Pick<JobSource, "locate" | "addBy">,
  prefix: readonly string[] = [],
): Value {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A key that nobody knows is often the one that is missing, misspelt.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  const path = issue!.path;
  if (issue!.code !== "unrecognized_keys" && path.length > 0 && valueAt(raw, path) === undefined) {
    const key = [...prefix, ...path.map(String)].join(".");
    const node = nodeAt(schema, path);
    const words = node?.description === undefined ? "" : `: ${node.description}`;
    const fix = isOnlyCode(node)
      ? `A job cannot hold it${words}.`
      : `Add it${source.addBy ? ` (${source.addBy(key)})` : ""}${words}.`;
    throw new ConfigError("JOB_KEY_MISSING", `"${key}" is missing`, {
      where: source.locate([...prefix, ...path.slice(0, -1)]),
      fix,
    });
  }
  const unknown = issue!.code === "unrecognized_keys" ? issue!.keys.slice(0, 1) : [];
  return parseConfig(schema, raw, source.locate([...prefix, ...path, ...unknown]));
}

function nodeAt(schema: z.ZodType, path: readonly PropertyKey[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = jsonSchemaOf(schema);
  for (const key of path) node = node?.properties?.[String(key)];
  return node;
}

/** Whether it is something that JSON does not have, such as a function: a schema without a type. */
const isOnlyCode = (node: SchemaNode | undefined) =>
  node !== undefined && Object.keys(node).every((key) => key === "description");

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly description?: string;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined | null)?.[key], value);
}
