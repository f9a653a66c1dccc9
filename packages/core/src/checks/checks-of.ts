import type { Catalogue } from "../container/catalogue.js";
import type { Entry } from "../contracts/entry.js";
import type { Check } from "./check.js";
import { entryChecks } from "./entry-checks.js";
import type { NamedBackends } from "./named-backends.js";

export interface EntryCheckOptions {
  /** Where components that a configuration names are looked up. */
  readonly catalogue: Catalogue;
  readonly backends?: NamedBackends;
}

/** The checks of an entry by its kind. */
export function checksOf(entry: Entry, _options: EntryCheckOptions): Check[] {
  return entryChecks(entry);
}
