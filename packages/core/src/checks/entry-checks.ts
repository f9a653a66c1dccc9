import type { z } from "zod";
import { jsonSchemaOf, parseConfig } from "../container/parse-config.js";
import type { Entry } from "../contracts/entry.js";
import { requireRefused, requireThat } from "./assertions.js";
import { type Check, CheckFailedError } from "./check.js";

/** A configuration to test with: what a user would write, before defaults are filled in. */
export type ExampleConfig = Readonly<Record<string, unknown>>;

/** No author's key. */
const UNKNOWN_KEY = "unknownKeyOfTheSuite";

/** The name that checks of an entry are grouped under, such as `loss gemini/mmd-ova`. */
export const groupOf = ({ kind, name }: Pick<Entry, "kind" | "name">) => `${kind} ${name}`;

/** The configurations that an entry is tested with: the given ones, its own, or its defaults. */
export function examplesOf(entry: Entry, given?: readonly ExampleConfig[]): readonly ExampleConfig[] {
  return given ?? entry.examples ?? [{}];
}

/**
 * An example with its defaults filled in.
 *
 * @throws CheckFailedError CHECK_EXAMPLE_MISSING naming the key that has no default
 */
export function settled<Config>(entry: Entry<Config>, example: ExampleConfig): Config {
  try {
    return parseConfig(entry.config, example, groupOf(entry));
  } catch (cause) {
    throw new CheckFailedError(
      "CHECK_EXAMPLE_MISSING",
      `${JSON.stringify(example)} is no configuration of ${groupOf(entry)}: ${(cause as Error).message}`,
      { where: groupOf(entry), fix: "Give the key a default, or the entry `examples` that set it.", cause },
    );
  }
}

/** What everything with a name owes, whatever its kind: words for people and a schema that helps them. */
export function entryChecks(entry: Entry, examples?: readonly ExampleConfig[]): Check[] {
  const group = groupOf(entry);
  return [
    {
      group,
      title: "has a summary of one sentence",
      async run() {
        const { summary } = entry;
        requireThat(
          typeof summary === "string" && summary.trim().length > 0 && !summary.includes("\n"),
          "CHECK_SCHEMA_UNDESCRIBED",
          `the summary of ${group} is ${JSON.stringify(summary)}`,
          { where: group, fix: "Say in one sentence what it does: `semblance list` prints it." },
        );
      },
    },
    {
      group,
      title: "its configuration refuses an unknown key",
      async run() {
        for (const example of examplesOf(entry, examples)) {
          settled(entry, example);
          let refused = false;
          try {
            parseConfig(entry.config as z.ZodType, { ...example, [UNKNOWN_KEY]: 1 }, group);
          } catch {
            refused = true;
          }
          requireThat(
            refused,
            "CHECK_SCHEMA_LOOSE",
            `${group} takes the key "${UNKNOWN_KEY}", which it does not know`,
            {
              where: `the config schema of ${group}`,
              fix: "Make the schema with z.strictObject, so that a misspelt key is an error.",
            },
          );
          await requireRefused(
            () => parseConfig(entry.config as z.ZodType, { ...example, [UNKNOWN_KEY]: 1 }, group),
            { code: "CONFIG_KEY_UNKNOWN" },
            "an unknown key",
          );
        }
      },
    },
    {
      group,
      title: "its configuration describes every key",
      async run() {
        const { properties = {} } = jsonSchemaOf(entry.config);
        const silent = Object.keys(properties).filter((key) => !properties[key]!.description);
        requireThat(
          silent.length === 0,
          "CHECK_SCHEMA_UNDESCRIBED",
          `${group} does not describe ${silent.map((key) => `"${key}"`).join(", ")}`,
          {
            where: `the config schema of ${group}`,
            fix: "End each key with .describe(…): meaning, range and default. Editors and `semblance list` show it.",
          },
        );
      },
    },
  ];
}
