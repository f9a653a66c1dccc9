import {
  CATALOGUE,
  type Catalogue,
  ConfigError,
  type Entry,
  jsonSchemaOf,
  KINDS,
  type Kind,
  nearNames,
} from "@semblance/core";
import pc from "picocolors";
import { compose, OWN_PLUGINS } from "../compose.js";
import { loadPlugins } from "../job/load-plugins.js";
import { DONE } from "../terminal/exit-status.js";
import { table } from "../terminal/table.js";
import { type ConfigurationKey, configurationKeys } from "./configuration-keys.js";
import type { AddCommand, Context } from "./context.js";
import { pluginOption } from "./options.js";

/** `semblance list [KIND|NAME]` */
export const addList: AddCommand = (program, start) => {
  program
    .command("list")
    .description("everything that a job can name; one kind; or one name with its configuration, formula and source")
    .argument("[kind|name]", `a kind (${KINDS.join(", ")}) or a name`)
    .addOption(pluginOption())
    .action((asked: string | undefined, { plugin }: { readonly plugin: readonly string[] }) =>
      start(async (context) => {
        const container = compose(await loadPlugins(plugin, process.cwd()));
        return list(container.resolve<Catalogue>(CATALOGUE), asked, context);
      }),
    );
};

function list(catalogue: Catalogue, asked: string | undefined, context: Context): number {
  const kind = asked === undefined ? undefined : kindOf(asked);
  if (asked !== undefined && kind === undefined) return describe(catalogue, asked, context);
  const kinds = kind ? [kind] : KINDS.filter((each) => catalogue.list(each).length > 0);
  const { terminal, settings } = context;
  if (settings.json) {
    const entries = kinds.flatMap((each) => catalogue.list(each)).map((entry) => documentOf(catalogue, entry));
    terminal.out(`${JSON.stringify(entries)}\n`);
    return DONE;
  }
  const { bold } = pc.createColors(settings.color && terminal.colors.out);
  const all = kinds.flatMap((each) => catalogue.list(each));
  const width = Math.max(0, ...all.map((entry) => jobName(entry).length));
  const blocks = kinds.map((each) => {
    const rows = catalogue.list(each).map((entry) => {
      const plugin = catalogue.pluginOf(entry);
      const from = plugin && !OWN_PLUGINS.has(plugin.name) ? `${entry.summary} (from ${plugin.name})` : entry.summary;
      return [`  ${jobName(entry).padEnd(width)}`, from];
    });
    return `${bold(`${each} (${rows.length})`)}${rows.length > 0 ? `\n${table(rows, { align: "left", gap: 2 })}` : ""}`;
  });
  terminal.out(`${blocks.join("\n\n")}\n`);
  return DONE;
}

/** What a job writes: data sets stand behind `builtin:`, where files could stand too. */
const jobName = ({ kind, name }: Pick<Entry, "kind" | "name">) => (kind === "dataset" ? `builtin:${name}` : name);

/** Both `loss` and `losses` name the kind. */
function kindOf(asked: string): Kind | undefined {
  const plural = (kind: Kind) => (kind.endsWith("s") ? `${kind}es` : `${kind}s`);
  return KINDS.find((kind) => kind === asked || plural(kind) === asked);
}

function describe(catalogue: Catalogue, name: string, { terminal, settings }: Context): number {
  const everything = KINDS.flatMap((kind) => catalogue.list(kind) as Entry[]);
  const found = everything.filter((entry) => entry.name === name || jobName(entry) === name);
  if (found.length === 0) {
    const near = nearNames(name, [...new Set([...everything.map((entry) => entry.name), ...KINDS])]);
    throw new ConfigError("NAME_UNKNOWN", `nothing is named "${name}"`, {
      where: `semblance list ${name}`,
      fix:
        near.length > 0
          ? `Did you mean ${near.map((each) => `"${each}"`).join(" or ")}?`
          : "semblance list shows every name.",
    });
  }
  const documents = found.map((entry) => documentOf(catalogue, entry));
  if (settings.json) terminal.out(`${JSON.stringify(documents.length === 1 ? documents[0] : documents)}\n`);
  else
    terminal.out(
      `${documents.map((document) => text(document, settings.color && terminal.colors.out)).join("\n\n")}\n`,
    );
  return DONE;
}

interface EntryDocument {
  readonly kind: Kind;
  readonly name: string;
  readonly summary: string;
  readonly formula?: string;
  readonly source?: string;
  readonly plugin?: string;
  readonly configuration: readonly ConfigurationKey[];
  readonly schema: unknown;
}

function documentOf(catalogue: Catalogue, entry: Entry): EntryDocument {
  const { kind, name, summary, formula, source, config } = entry;
  const plugin = catalogue.pluginOf(entry);
  return {
    kind,
    name,
    summary,
    ...(formula === undefined ? {} : { formula }),
    ...(source === undefined ? {} : { source }),
    ...(plugin ? { plugin: `${plugin.name} ${plugin.version}` } : {}),
    configuration: configurationKeys(config),
    schema: jsonSchemaOf(config),
  };
}

function text({ kind, name, summary, formula, source, plugin, configuration }: EntryDocument, color: boolean): string {
  const { bold } = pc.createColors(color);
  const facts = [
    ...(formula === undefined ? [] : [["formula", formula]]),
    ...(source === undefined ? [] : [["source", source]]),
    ...(plugin === undefined ? [] : [["from", plugin]]),
  ];
  const keys = configuration.flatMap(({ key, takes, fallback, description }) => [
    `  ${bold(key)}: ${takes}${fallback === undefined ? "" : `, ${fallback} by default`}`,
    ...(description === undefined ? [] : [`    ${description}`]),
  ]);
  return [
    `${bold(jobName({ kind, name }))} (${kind})`,
    summary,
    ...(facts.length > 0 ? [table(facts, { align: "left", gap: 2 })] : []),
    ...(keys.length > 0 ? ["keys", ...keys] : ["no keys"]),
  ].join("\n");
}
