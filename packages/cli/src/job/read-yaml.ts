import { type Document, isAlias, isCollection, isPair, LineCounter, type Node, parseDocument, visit } from "yaml";
import {
  jobEmpty,
  jobNotMapping,
  yamlAliases,
  yamlAliasUnknown,
  yamlDuplicate,
  yamlInvalid,
  yamlLoop,
  yamlTab,
  yamlTag,
  yamlTooDeep,
} from "./yaml-errors.js";

/** Job files are flat; the parser below recurses, and a text made to be deep would end the process. */
const DEEPEST = 64;
/** Anchors may be used this often before their values count as an attack. */
const MAX_ALIASES = 100;

/** A YAML text as a plain value that still knows its lines. */
export interface YamlSource {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** The line, counted from 1, of the key at `path`, or of the nearest one above it that the text has. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * Reads a YAML text that holds one mapping.
 *
 * @throws ConfigError YAML_INVALID, YAML_TAB, YAML_KEY_TWICE, YAML_LOOP, YAML_ALIAS_UNKNOWN, YAML_TOO_MANY_ALIASES, YAML_TOO_DEEP,
 * YAML_TAG, JOB_EMPTY, JOB_NOT_A_MAPPING
 */
export function readYaml(text: string, path: string): YamlSource {
  requireShallow(text, path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const [problem] = document.errors;
  if (problem) {
    const line = lineAt(problem.pos[0]);
    if (problem.code === "DUPLICATE_KEY") throw yamlDuplicate(path, line);
    if (problem.code === "TAB_AS_INDENT") throw yamlTab(path, line);
    throw yamlInvalid(path, line, problem.message);
  }
  const [warning] = document.warnings;
  if (warning) throw yamlTag(path, lineAt(warning.pos[0]));
  requireResolvable(document, path, lineAt);
  const value = plain(document, path);
  if (value === null || value === undefined) throw jobEmpty(path);
  if (typeof value !== "object") throw jobNotMapping(path, `the ${typeof value} ${String(value).slice(0, 40)}`);
  if (Array.isArray(value)) throw jobNotMapping(path, "a list");
  return {
    path,
    value: value as Record<string, unknown>,
    lineOf: (keys) => {
      const offset = offsetOf(document, keys);
      return offset === undefined ? undefined : lineAt(offset);
    },
  };
}

function requireShallow(text: string, path: string): void {
  let open = 0;
  for (const character of text) {
    if (character === "[" || character === "{") open++;
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
    if (open > DEEPEST) throw yamlTooDeep(path, DEEPEST);
  }
  // A level of block nesting takes a column of indentation or a "- ", "? " or ": " in front of the value.
  if (new RegExp(`^[ ?:-]{${2 * DEEPEST},}`, "m").test(text)) throw yamlTooDeep(path, DEEPEST);
}

/** Aliases must have an anchor, and must not stand inside it: the value would be infinite. */
function requireResolvable(document: Document, path: string, lineAt: (offset: number) => number): void {
  visit(document, {
    Alias(_, alias, ancestors) {
      const line = lineAt(alias.range?.[0] ?? 0);
      const target = alias.resolve(document);
      if (!target) throw yamlAliasUnknown(path, line, alias.source);
      if (ancestors.includes(target)) throw yamlLoop(path, line, alias.source);
    },
  });
}

function plain(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    if (cause instanceof ReferenceError) throw yamlAliases(path);
    throw cause;
  }
}

/** Where the text has the key that `keys` lead to; the deepest one of them that is there. */
function offsetOf(document: Document, keys: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const key of keys) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isCollection(node)) break;
    const item = node.items.find((candidate, index) =>
      isPair(candidate) ? String((candidate.key as { value?: unknown }).value) === String(key) : index === Number(key),
    );
    if (item === undefined) break;
    offset = ((isPair(item) ? item.key : item) as Node).range?.[0] ?? offset;
    node = isPair(item) ? item.value : item;
  }
  return offset;
}
