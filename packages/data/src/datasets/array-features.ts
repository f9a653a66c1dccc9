import { sizeOf } from "@semblance/core";
import { columnsNotSelectable } from "../errors/dataset-errors.js";
import { type ArrayTable, type Numbers, whereRow } from "../tables/table.js";
import type { Features } from "./features.js";
import { type ColumnChoice, selectColumns } from "./select-columns.js";

/**
 * An array file as features; [N] becomes [N, 1]. Columns can be chosen of a matrix only.
 *
 * Errors   COLUMNS_NOT_SELECTABLE, those of `selectColumns`
 */
export function arrayFeatures(
  table: ArrayTable,
  names: readonly string[],
  choice: ColumnChoice,
  labelIndex: number | undefined,
): Features {
  const [rows = 0, ...rest] = table.shape;
  const item = rest.length === 0 ? [1] : rest;
  const all: Features = {
    name: table.name,
    shape: [rows, ...item],
    values: table.values,
    ...(table.image === undefined ? {} : { image: table.image }),
    whereIs: (row, offset) => `${whereRow(table, row)}, value [${positionIn(item, offset).join(", ")}]`,
  };
  if (choice.columns === undefined && choice.ignore === undefined && labelIndex === undefined) return all;
  if (rest.length !== 1) throw columnsNotSelectable(table.name, table.shape.length);
  const selected = selectColumns(names, choice, labelIndex, table.name);
  return {
    name: table.name,
    shape: [rows, selected.length],
    values: takeColumns(table.values, rows, rest[0]!, selected),
    whereIs: (row, offset) => all.whereIs(row, selected[offset]!),
  };
}

function takeColumns(values: Numbers, rows: number, width: number, selected: readonly number[]): Numbers {
  const out = new (values.constructor as new (length: number) => Numbers)(rows * selected.length);
  for (let row = 0; row < rows; row++) {
    for (let to = 0; to < selected.length; to++) out[row * selected.length + to] = values[row * width + selected[to]!]!;
  }
  return out;
}

/** The index along each axis of `item` of its element `offset`. */
function positionIn(item: readonly number[], offset: number): number[] {
  let left = offset;
  let size = sizeOf(item);
  return item.map((extent) => {
    size /= extent;
    const index = Math.floor(left / size);
    left -= index * size;
    return index;
  });
}
