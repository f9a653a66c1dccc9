import type { Catalogue } from "../container/catalogue.js";
import type { Entry } from "../contracts/entry.js";
import type { Loss } from "../contracts/loss.js";
import type { Check } from "./check.js";
import { entryChecks } from "./entry-checks.js";
import { lossChecks } from "./loss-checks.js";
import type { NamedBackends } from "./named-backends.js";

export interface EntryCheckOptions {
  /** Where components that a configuration names are looked up. */
  readonly catalogue: Catalogue;
  readonly backends?: NamedBackends;
}

/** The checks of an entry by its kind. */
export function checksOf(entry: Entry, options: EntryCheckOptions): Check[] {
  switch (entry.kind) {
    case "loss":
      return lossChecks(entry as Loss, options);
    default:
      return entryChecks(entry);
  }
}
