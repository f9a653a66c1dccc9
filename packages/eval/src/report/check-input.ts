import { DataError } from "@semblance/core";
import type { ReportInput } from "./report-input.js";

const inconsistent = (where: string, message: string) =>
  new DataError("REPORT_INPUT_INCONSISTENT", message, { where, fix: "Pass arrays that describe the same rows." });

/**
 * Refuses arrays that do not belong together. Numbers that are not finite are not refused: a run that diverged deserves a
 * report, and the sections say how many they left out.
 *
 * @throws DataError REPORT_INPUT_INCONSISTENT
 */
export function checkInput({ confusion, projection, worst }: ReportInput): void {
  if (confusion !== undefined) {
    const { rowNames, columnNames, counts } = confusion;
    if (counts.length !== rowNames.length || counts.some((row) => row.length !== columnNames.length)) {
      const size = `${rowNames.length} × ${columnNames.length}`;
      throw inconsistent("confusion", `the confusion matrix is not ${size}, as its names are`);
    }
  }
  if (projection !== undefined) {
    const { x, y, cluster, label } = projection;
    const lengths = [x.length, y.length, cluster.length, label?.length ?? x.length];
    if (new Set(lengths).size > 1) {
      throw inconsistent("projection", `the arrays of the projection have lengths ${lengths.join(", ")}`);
    }
  }
  for (const { row, picture } of worst) {
    if (picture !== undefined && picture.pixels.length !== picture.height * picture.width) {
      const size = `${picture.height} × ${picture.width}`;
      throw inconsistent(`worst, row ${row}`, `${picture.pixels.length} pixels cannot fill a picture of ${size}`);
    }
  }
}
