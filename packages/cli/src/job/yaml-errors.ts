import { ConfigError } from "@semblance/core";

/** Errors about a job file as a text: before anyone knows what it asks for. */
const at = (path: string, line?: number) => (line === undefined ? path : `${path}:${line}`);

const jobFile = (code: string, message: string, where: string, fix: string, cause?: unknown) =>
  new ConfigError(code, message, { where, fix, ...(cause === undefined ? {} : { cause }) });

export const jobMissing = (path: string, cause: unknown) =>
  jobFile("JOB_NOT_FOUND", `there is no job file ${path}`, path, "Check the path.", cause);

export const jobUnreadable = (path: string, reason: string, cause?: unknown) =>
  jobFile("JOB_UNREADABLE", `the job file cannot be read: ${reason}`, path, "Name a YAML file of your own.", cause);

export const jobTooLarge = (path: string, limit: number) =>
  jobFile("JOB_TOO_LARGE", `the job file is larger than ${limit / 1024} KiB`, path, "Is it the data file? Name a job.");

export const jobNotText = (path: string) =>
  jobFile("JOB_NOT_TEXT", "the job file is not UTF-8 text", path, "Name a YAML file; data goes under data.source.");

export const jobEmpty = (path: string) =>
  jobFile("JOB_EMPTY", "the job file is empty", path, "Write at least data.source and loss.");

export const jobNotMapping = (path: string, found: string) =>
  jobFile("JOB_NOT_A_MAPPING", `the job file holds ${found}, not keys with values`, path, "Write `key: value` lines.");

export const yamlTooDeep = (path: string, limit: number) =>
  jobFile("YAML_TOO_DEEP", `the job file is nested more than ${limit} levels deep`, path, "Flatten it.");

export const yamlInvalid = (path: string, line: number, message: string) =>
  jobFile("YAML_INVALID", `this is not YAML: ${message}`, at(path, line), "Correct the line, or the one before it.");

export const yamlTab = (path: string, line: number) =>
  jobFile("YAML_TAB", "a tab indents the line", at(path, line), "Indent with spaces: YAML does not allow tabs.");

export const yamlDuplicate = (path: string, line: number) =>
  jobFile("YAML_KEY_TWICE", "the key stands there twice", at(path, line), "Keep one of the two.");

export const yamlLoop = (path: string, line: number, name: string) =>
  jobFile("YAML_LOOP", `alias *${name} stands inside what it repeats`, at(path, line), "Write the value out.");

export const yamlAliasUnknown = (path: string, line: number, name: string) =>
  jobFile("YAML_ALIAS_UNKNOWN", `there is no anchor &${name} before its alias`, at(path, line), "Write the value out.");

export const yamlAliases = (path: string) =>
  jobFile("YAML_TOO_MANY_ALIASES", "its aliases expand to too many values", path, "Write the values out.");

export const yamlTag = (path: string, line: number) =>
  jobFile("YAML_TAG", "a tag asks for a type that job files do not have", at(path, line), "Leave the tag out.");
