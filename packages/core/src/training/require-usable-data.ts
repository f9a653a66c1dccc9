import { type Dataset, rowsOf } from "../contracts/dataset.js";
import { DataError } from "../errors.js";

/** @throws DataError DATA_NOT_FINITE naming row and column */
export function requireUsableData(data: Dataset): void {
  const values = data.features.data;
  for (let at = 0; at < values.length; at++) {
    if (Number.isFinite(values[at])) continue;
    throw new DataError("DATA_NOT_FINITE", `${placeOf(data, at)} is ${values[at]}`, {
      where: data.name,
      fix: "Fill in or leave out what is missing: every feature must be a finite number.",
    });
  }
}

/** Row and column of an element of the features, in words. */
export function placeOf(data: Dataset, at: number): string {
  const width = data.features.data.length / rowsOf(data);
  const [row, column] = [Math.floor(at / width), at % width];
  const name = data.columns?.[column];
  return `row ${row}, column ${name === undefined ? column : `${column} ("${name}")`}`;
}
