import { jsonSchemaOf } from "@semblance/core";
import type { z } from "zod";

/** One key of a configuration, for people. */
export interface ConfigurationKey {
  readonly key: string;
  /** The type and range of its values. */
  readonly takes: string;
  /** Its default as JSON; absent for keys that must be given or may be left out. */
  readonly fallback?: string;
  readonly description?: string;
}

interface Node {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** The keys of a configuration, read from its schema. */
export function configurationKeys(schema: z.ZodType): ConfigurationKey[] {
  const properties = (jsonSchemaOf(schema).properties ?? {}) as Readonly<Record<string, Node>>;
  return Object.entries(properties).map(([key, node]) => ({
    key,
    takes: typeOf(node),
    ...(node.default === undefined ? {} : { fallback: JSON.stringify(node.default) }),
    ...(node.description === undefined ? {} : { description: node.description }),
  }));
}

function typeOf(node: Node): string {
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.anyOf) return [...new Set(node.anyOf.map(typeOf))].join(" | ");
  if (node.type === "array") return `list of ${node.items ? typeOf(node.items) : "anything"}`;
  if (node.type === "number" || node.type === "integer") return `${node.type}${rangeOf(node)}`;
  return node.type ?? "anything";
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Node): string {
  const bounds = [
    ...(minimum === undefined ? [] : [`≥ ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    // Every whole number that JavaScript can tell from its neighbours is no range to speak of.
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? [] : [`≤ ${maximum}`]),
    ...(exclusiveMaximum === undefined ? [] : [`< ${exclusiveMaximum}`]),
  ];
  const known = bounds.filter((bound) => bound !== `≥ ${Number.MIN_SAFE_INTEGER}`);
  return known.length > 0 ? ` ${known.join(" and ")}` : "";
}
