import { DataError } from "@semblance/core";
import type { GreyPicture, ReportInput } from "./report-input.js";

const inconsistent = (where: string, message: string) =>
  new DataError("REPORT_INPUT_INCONSISTENT", message, { where, fix: "Pass arrays that describe the same rows." });

/**
 * Refuses arrays that do not belong together. Numbers that are not finite are not refused: a run that diverged deserves a
 * report, and the sections say how many they left out.
 *
 * @throws DataError REPORT_INPUT_INCONSISTENT
 */
export function checkInput({ confusion, projection, worst = [], neighbours }: ReportInput): void {
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
  for (const { name, before, after, classes, links = [] } of neighbours?.views ?? []) {
    const lengths = [before.x, before.y, after.x, after.y, classes].map(({ length }) => length);
    if (new Set(lengths).size > 1) {
      throw inconsistent(`view ${name}`, `the arrays of the view have lengths ${lengths.join(", ")}`);
    }
    for (const place of links.flatMap(({ first, second }) => [first, second])) {
      if (!(place in classes))
        throw inconsistent(`view ${name}`, `a line ends at ${place} of ${classes.length} points`);
    }
  }
  for (const { title, x, lines, points } of neighbours?.curves ?? []) {
    const lengths = [x, ...lines.map(({ y }) => y)].map(({ length }) => length);
    if (new Set(lengths).size > 1 || points?.x.length !== points?.classes.length) {
      throw inconsistent(`curves ${title}`, `the arrays of the curves have lengths ${lengths.join(", ")}`);
    }
  }
  for (const { row, picture } of worst) checkPicture(`worst, row ${row}`, picture);
  for (const { query, found, before = [] } of neighbours?.sheets ?? []) {
    for (const { row, picture } of [query, ...found, ...before])
      checkPicture(`sheet of row ${query.row}, row ${row}`, picture);
  }
}

function checkPicture(where: string, picture: GreyPicture | undefined): void {
  if (picture === undefined || picture.pixels.length === picture.height * picture.width) return;
  const size = `${picture.height} × ${picture.width}`;
  throw inconsistent(where, `${picture.pixels.length} pixels cannot fill a picture of ${size}`);
}
