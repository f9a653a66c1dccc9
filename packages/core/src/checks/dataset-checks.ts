import { sizeOf } from "../arrays/nd-array.js";
import { rowsOf } from "../contracts/dataset.js";
import type { DatasetEntry } from "../contracts/dataset-entry.js";
import { requireThat } from "./assertions.js";
import type { Check } from "./check.js";
import { entryChecks, groupOf } from "./entry-checks.js";
import { sameBytes } from "./watch-host-operators.js";

/** What every data set owes: rows that are finite, labels that name classes, and the same numbers whenever it is loaded. */
export function datasetChecks(dataset: DatasetEntry): Check[] {
  const group = groupOf(dataset);
  return [
    ...entryChecks(dataset),
    {
      group,
      title: "holds finite rows, and labels that name classes",
      async run() {
        const { train, test } = await dataset.load();
        for (const part of test ? [train, test] : [train]) {
          const { features, labels } = part;
          const at = features.data.findIndex((element) => !Number.isFinite(element));
          requireThat(at < 0, "CHECK_NOT_FINITE", `element ${at} of ${part.name} is ${features.data[at]}`, {
            where: group,
          });
          requireThat(
            rowsOf(part) > 0 && features.shape.length >= 2 && features.data.length === sizeOf(features.shape),
            "CHECK_SHAPE_WRONG",
            `the features of ${part.name} are [${features.shape.join(", ")}] with ${features.data.length} numbers`,
            { where: group, fix: "Give [rows, …item], at least one row." },
          );
          const bad = labels?.indices.findIndex((label) => labels.names[label] === undefined) ?? -1;
          requireThat(
            bad < 0 && (labels === undefined || labels.indices.length === rowsOf(part)),
            "CHECK_VALUE_WRONG",
            `the labels of ${part.name} are no class each of its ${rowsOf(part)} rows`,
            { where: group },
          );
        }
      },
    },
    {
      group,
      title: "is the same whenever it is loaded",
      async run() {
        const [first, second] = [await dataset.load(), await dataset.load()];
        requireThat(
          sameBytes(first.train.features, second.train.features),
          "CHECK_NOT_DETERMINISTIC",
          `${group} gives other rows when it is loaded again`,
          { where: group, fix: "Draw from a fixed seed." },
        );
      },
    },
  ];
}
