import { isSemblanceError } from "@semblance/core";
import { idsRepeated, idsUnknown } from "../errors/dataset-errors.js";
import type { Table } from "../tables/table.js";
import { findLabels } from "./label-source.js";

/** Names of the rows, and the column that they were found in. */
export interface FoundIds {
  readonly ids: readonly string[];
  readonly columnIndex?: number;
}

/**
 * The ids that `requested` names: a column, its position, or a file with one id a row. They are found where labels are.
 *
 * Errors   IDS_UNKNOWN, IDS_REPEATED; LABELS_LENGTH, LABELS_SHAPE, LABEL_EMPTY, those of reading a file
 */
export async function findIds(table: Table, requested: string): Promise<FoundIds> {
  const { labels, columnIndex } = await lookUp(table, requested);
  const ids = Array.from(labels.indices, (index) => labels.names[index]!);
  if (labels.names.length < ids.length) {
    const seen = new Set<string>();
    throw idsRepeated(table.name, requested, ids.find((id) => seen.has(id) || !seen.add(id))!);
  }
  return { ids, ...(columnIndex === undefined ? {} : { columnIndex }) };
}

async function lookUp(table: Table, requested: string) {
  try {
    return (await findLabels(table, requested))!;
  } catch (error) {
    if (isSemblanceError(error) && error.code === "LABELS_UNKNOWN") throw idsUnknown(table.name, requested, error.fix);
    throw error;
  }
}
