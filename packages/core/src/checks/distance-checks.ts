import type { NdArray } from "../arrays/nd-array.js";
import type { Distance } from "../contracts/distance.js";
import type { Check } from "./check.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf } from "./entry-checks.js";
import { type NamedBackends, REFERENCE_ONLY } from "./named-backends.js";
import { backendClaims, type PairClaim, pairClaims, TOLERANCE } from "./pairs/pair-checks.js";
import { failPair, type PairSubject, pairSubject, ROWS } from "./pairs/pair-subject.js";

export interface DistanceCheckOptions {
  readonly backends?: NamedBackends;
  readonly examples?: readonly ExampleConfig[];
}

/**
 * What every distance owes, for each example configuration: a matrix of the right shape, symmetry, 0 between a row and itself, nothing
 * negative, the triangle inequality where it says so, finite numbers for equal rows and rows of zeros, and the same on every backend. A
 * distance whose matrix is an input owes its schema alone.
 */
export function distanceChecks(distance: Distance, options: DistanceCheckOptions = {}): Check[] {
  const { backends = REFERENCE_ONLY } = options;
  const checks = entryChecks(distance, options.examples);
  if (!distance.matrix && !distance.table) return checks;
  for (const example of examplesOf(distance, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const subject = pairSubject(distance, example);
    for (const [title, run] of [
      ...pairClaims(subject),
      ...ownClaims(distance, subject),
      ...backendClaims(subject, backends),
    ]) {
      checks.push({ group: groupOf(distance), title: title + suffix, run });
    }
  }
  return checks;
}

function ownClaims(distance: Distance, subject: PairSubject): PairClaim[] {
  const { group, draw, matrixOf } = subject;
  const drawn = async () => {
    // A row twice: the same numbers must be 0 apart wherever they stand.
    const rows = await draw("x", ROWS);
    const width = rows.shape[1]!;
    const data = rows.data.slice() as NdArray["data"];
    data.copyWithin(width, 0, width);
    const x = { ...rows, data } as NdArray;
    return await matrixOf(x, x);
  };
  const claims: PairClaim[] = [
    [
      "is 0 between equal rows",
      async () => {
        const { data } = await drawn();
        const diagonal = Array.from({ length: ROWS }, (_, i) => i * ROWS + i);
        // A hop counts the samples between two, so that a row and its copy may be a hop apart.
        for (const at of distance.matrix ? [...diagonal, 1, ROWS] : diagonal) {
          if (Math.abs(data[at]!) > TOLERANCE.float64) {
            failPair(
              subject,
              `${group} puts row ${Math.floor(at / ROWS)} ${data[at]} away from its equal, row ${at % ROWS}`,
              "Subtract before you square or take a root; set the diagonal to 0.",
            );
          }
        }
      },
    ],
    [
      "is never negative",
      async () => {
        const { data } = await drawn();
        const at = data.findIndex((value) => value < 0);
        if (at >= 0) {
          failPair(
            subject,
            `${group} of rows ${Math.floor(at / ROWS)} and ${at % ROWS} is ${data[at]}`,
            "A distance counts from 0: cut off what rounding makes negative.",
          );
        }
      },
    ],
  ];
  if (distance.triangleInequality) {
    claims.push(["keeps the triangle inequality", async () => requireTriangles(subject, await drawn())]);
  }
  return claims;
}

function requireTriangles(subject: PairSubject, { data }: NdArray): void {
  const apart = (i: number, j: number) => data[i * ROWS + j]!;
  for (let i = 0; i < ROWS; i++) {
    for (let j = 0; j < ROWS; j++) {
      for (let k = 0; k < ROWS; k++) {
        if (apart(i, k) <= apart(i, j) + apart(j, k) + TOLERANCE.float64) continue;
        failPair(
          subject,
          `rows ${i} and ${k} are ${apart(i, k)} apart, and only ${apart(i, j)} + ${apart(j, k)} by way of row ${j}`,
          "Correct it, or do not claim `triangleInequality`.",
        );
      }
    }
  }
}
