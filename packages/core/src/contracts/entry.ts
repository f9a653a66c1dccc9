import type { z } from "zod";

/** The kinds of things that a user chooses by name. */
export const KINDS = [
  "loss",
  "divergence",
  "kernel",
  "distance",
  "model",
  "sampler",
  "miner",
  "optimizer",
  "regulariser",
  "schedule",
  "backend",
  "measure",
  "dataset",
  "optimal-transport",
] as const;
export type Kind = (typeof KINDS)[number];

/** What everything registered says of itself. */
export interface Entry<Config = unknown> {
  readonly kind: Kind;
  /** Kebab-case, `family/name` where there are families. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** The formula as text, where there is one. */
  readonly formula?: string;
  /** Paper and equation, or where else it comes from. */
  readonly source?: string;
  /** Keys, ranges, defaults and descriptions: a strict object, so that a misspelt key is an error. */
  readonly config: z.ZodType<Config>;
  /**
   * Configurations to test with, as a user would write them; the defaults alone where it is left out. Needed when a key has no
   * default, and worth giving where a key changes the formula.
   */
  readonly examples?: readonly Readonly<Record<string, unknown>>[];
}

/** A component inside a configuration: its name, or its name with its own keys. */
export type ComponentReference = string | { readonly name: string; readonly [key: string]: unknown };
