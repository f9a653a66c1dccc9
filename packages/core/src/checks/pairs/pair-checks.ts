import { convert } from "../../arrays/dtype.js";
import { type NdArray, ndarray } from "../../arrays/nd-array.js";
import { matrixTranspose } from "../../functions/matrix-transpose.js";
import { requireCoded, requireThat } from "../assertions.js";
import { CheckFailedError } from "../check.js";
import { differenceOf } from "../difference.js";
import { type NamedBackends, withBackend } from "../named-backends.js";
import { runFunction } from "../run-function.js";
import { byTable, failPair, OTHERS, type PairSubject, ROWS, WIDTH } from "./pair-subject.js";

/** Roundings of sums and elementary functions; float32 as the contract has it. */
export const TOLERANCE = { float32: 1e-4, float64: 1e-9 } as const;

/** A claim, and how it is tried. */
export type PairClaim = readonly [title: string, run: () => Promise<void>];

/** What kernels and distances owe alike: symmetry, and finite numbers for rows that coincide or are 0. */
export function pairClaims(subject: PairSubject): PairClaim[] {
  const { entry, group, draw, matrixOf } = subject;
  return [
    ...(entry.matrix && entry.table ? [tableClaim(subject)] : []),
    [
      "is symmetric",
      async () => {
        const [x, y] = [await draw("x", ROWS), await draw("y", OTHERS)];
        const pairs = [[x, x] as const];
        // Between two sets, all of it may depend on which rows are compared, but not on which come first.
        if (entry.matrix) pairs.push([x, y]);
        for (const [first, second] of pairs) {
          const [turned] = await runFunction(matrixTranspose, [await matrixOf(second, first)]);
          const difference = differenceOf(await matrixOf(first, second), turned!, { tolerance: TOLERANCE.float64 });
          if (difference) {
            failPair(subject, `(x, y) is not (y, x): ${difference}`, `A ${entry.kind} treats its two rows alike.`);
          }
        }
      },
    ],
    [
      "is finite or refused for equal rows and rows of zeros",
      async () => {
        const x = await draw("x", ROWS);
        const equal = { ...x, data: x.data.map((_, at) => x.data[at % WIDTH]!) as NdArray["data"] };
        const zeros = { ...x, data: new Float64Array(x.data.length) };
        for (const [rows, what] of [[equal, "equal rows"] as const, [zeros, "rows of zeros"] as const]) {
          let matrix: NdArray | undefined;
          try {
            matrix = await matrixOf(rows, rows);
          } catch (error) {
            if (error instanceof CheckFailedError) throw error;
            requireCoded(error, `${group} for ${what}`);
          }
          const at = matrix?.data.findIndex((element) => !Number.isFinite(element)) ?? -1;
          requireThat(at < 0, "CHECK_NOT_FINITE", `element ${at} of ${group} for ${what} is ${matrix?.data[at]}`, {
            where: group,
            fix: "Define what a quotient by 0 or a root of 0 is, and mask it before it is computed.",
          });
        }
      },
    ],
  ];
}

/** That the faster way to compare a whole data set is a way to the same numbers. */
function tableClaim(subject: PairSubject): PairClaim {
  const { entry, draw, matrixOf } = subject;
  return [
    "gives the same by its table as by its matrix",
    async () => {
      for (const rows of [ROWS, OTHERS, 1]) {
        const x = await draw("x", rows);
        const table = await byTable(entry, subject.config, x);
        const difference = differenceOf(table, await matrixOf(x, x), { tolerance: TOLERANCE.float32 });
        if (!difference) continue;
        failPair(
          subject,
          `the table of ${rows} rows ${difference}`,
          "Training compares by either: correct one of them.",
        );
      }
    },
  ];
}

/** That each backend computes what the reference does. A table is not computed by one. */
export function backendClaims(subject: PairSubject, backends: NamedBackends): PairClaim[] {
  const { entry, draw, matrixOf } = subject;
  if (!entry.matrix) return [];
  return Object.entries(backends).map(([name, make]) => [
    `agrees with the reference on ${name}`,
    () =>
      withBackend(make, async (backend) => {
        const narrow = (array: NdArray) => ndarray(backend.float, array.shape, convert(backend.float, array.data));
        const [x, y] = [narrow(await draw("x", ROWS)), narrow(await draw("y", OTHERS))];
        const wide = (array: NdArray) => ndarray("float64", array.shape, array.data);
        const difference = differenceOf(await matrixOf(x, y, backend), await matrixOf(wide(x), wide(y)), {
          tolerance: TOLERANCE[backend.float],
        });
        if (difference) {
          const fix = "Keep the digits of near rows: subtract before you square.";
          failPair(subject, `on ${name} the matrix ${difference}`, fix);
        }
      }),
  ]);
}
