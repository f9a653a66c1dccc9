import { ConfigError } from "@semblance/core";
import { parseDocument } from "yaml";
import type { JobSource } from "./job-source.js";

/** One `--set a.b=value`. */
export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
  /** As it was typed. */
  readonly text: string;
}

const invalid = (text: string, message: string) =>
  new ConfigError("SET_INVALID", message, {
    where: `--set ${text}`,
    fix: "Write --set key=value or --set key.inner=value, such as --set optimizer.learningRate=0.01.",
  });

/**
 * Reads `a.b=value`, with the value as YAML would read it: `5` is a number, `true` a boolean, `[64, 64]` a list.
 *
 * @throws ConfigError SET_INVALID
 */
export function parseOverride(text: string): Override {
  const equals = text.indexOf("=");
  if (equals < 1) throw invalid(text, `"${text}" does not say key=value`);
  const path = text.slice(0, equals).split(".");
  if (path.some((key) => key.trim() === "")) throw invalid(text, `"${text.slice(0, equals)}" has an empty key`);
  const raw = text.slice(equals + 1);
  if (raw.length > 10_000) throw invalid(`${text.slice(0, 60)}…`, "the value is too long");
  if (/[[{]{9,}/.test(raw.replaceAll(/\s/g, ""))) throw invalid(text, "the value is nested too deep");
  const document = parseDocument(raw, { prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw invalid(text, `the value is not YAML: ${problem.message}`);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    throw invalid(text, "the value may not hold aliases");
  }
  const unspaced = typeof value === "object" && value !== null && Object.entries(value).find(withoutSpace)?.[0];
  if (unspaced) throw colonWithoutSpace(text, unspaced);
  return { path, value, text };
}

/** `{name:hop}` is YAML too: a key "name:hop" that has no value. */
const withoutSpace = ([key, value]: [string, unknown]) => value === null && /^\w+:/.test(key);

const colonWithoutSpace = (text: string, key: string) =>
  new ConfigError("SET_INVALID", `"${key}" is one key without a value`, {
    where: `--set ${text}`,
    fix: `Write a space after the colon, and quotes around it all: --set '${text.replaceAll(/([{,]\s*\w+):(?=\S)/g, "$1: ")}'.`,
  });

/** A job source with values replaced; a component given by its name alone becomes one with keys. */
export function override(source: JobSource, overrides: readonly Override[]): JobSource {
  let value: unknown = source.value;
  for (const { path, value: to, text } of overrides) value = replaced(value, path, to, text);
  return {
    ...source,
    value: value as Record<string, unknown>,
    locate(keys) {
      const names = keys.map(String);
      // The last one wins, as it does in the value.
      const found = overrides.findLast(({ path }) =>
        path.slice(0, names.length).every((key, index) => key === names[index]),
      );
      const above = overrides.findLast(({ path }) => path.every((key, index) => key === names[index]));
      // A component is named by its key "name", or by itself.
      const whole =
        found?.path.length === names.length ||
        (found?.path.length === names.length + 1 && found.path.at(-1) === "name");
      // What the job itself says nothing of is there by the option alone.
      const made = found !== undefined && valueAt(source.value, names) === undefined;
      const by = above ?? (whole || made ? found : undefined);
      return by ? `--set ${by.text}` : source.locate(keys);
    },
  };
}

const valueAt = (value: unknown, keys: readonly string[]) =>
  keys.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  );

function replaced(value: unknown, path: readonly string[], to: unknown, text: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    const index = Number(key);
    if (!Number.isInteger(index) || index < 0 || index >= value.length) {
      throw invalid(text, `"${key}" is not a position in a list of ${value.length}`);
    }
    return value.map((item, at) => (at === index ? replaced(item, rest, to, text) : item));
  }
  const keys = typeof value === "string" ? { name: value } : (value ?? {});
  if (typeof keys !== "object") throw invalid(text, `there are no keys below ${JSON.stringify(value)}`);
  // fromEntries makes "__proto__" a key like any other.
  const entries = Object.entries(keys);
  const present = Object.hasOwn(keys, key) ? (keys as Record<string, unknown>)[key] : undefined;
  return Object.fromEntries([...entries.filter(([name]) => name !== key), [key, replaced(present, rest, to, text)]]);
}
