import { convert } from "../arrays/dtype.js";
import { type NdArray, ndarray, showShape } from "../arrays/nd-array.js";
import type { Catalogue } from "../container/catalogue.js";
import { createCatalogue } from "../container/create-catalogue.js";
import type { ArgumentDomain, Divergence } from "../contracts/divergence.js";
import { requireThat } from "./assertions.js";
import { type Check, CheckFailedError } from "./check.js";
import { checkGradients } from "./check-gradients.js";
import { differenceOf } from "./difference.js";
import { type DivergenceSubject, divergenceSubject, OTHERS, ROWS } from "./divergence/divergence-subject.js";
import { generatorClaim } from "./divergence/generator-claim.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf } from "./entry-checks.js";
import { type NamedBackends, REFERENCE_ONLY, withBackend } from "./named-backends.js";
import { TOLERANCE } from "./pairs/pair-checks.js";

export interface DivergenceCheckOptions {
  /** Where kernels that a configuration names are looked up. */
  readonly catalogue?: Catalogue;
  readonly backends?: NamedBackends;
  readonly examples?: readonly ExampleConfig[];
}

type Claim = readonly [title: string, run: () => Promise<void>, skip?: string];

/**
 * What every divergence owes, for each example configuration: a matrix of the right shape; D ≥ 0 and D(x, x) = 0 unless it says
 * otherwise; symmetry where it claims it, and its own definition where it has a generator; `paired` as the diagonal of `matrix`; sets of
 * one point as points, and sets with every point twice as the sets; gradients that agree with differences; finite numbers and gradients
 * for equal rows and rows of zeros; and the same on every backend.
 */
export function divergenceChecks(divergence: Divergence, options: DivergenceCheckOptions = {}): Check[] {
  const { backends = REFERENCE_ONLY, catalogue = createCatalogue() } = options;
  const group = groupOf(divergence);
  const checks = entryChecks(divergence, options.examples);
  checks.push({
    group,
    title: "compares rows or sets",
    async run() {
      requireThat(divergence.matrix || divergence.sets, "CHECK_VALUE_WRONG", `${group} has neither matrix nor sets`, {
        where: group,
        fix: "Give it `matrix` for rows, `sets` for sets of rows, or both.",
      });
    },
  });
  if (!divergence.matrix && !divergence.sets) return checks;
  for (const example of examplesOf(divergence, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const subject = divergenceSubject(divergence, example, catalogue);
    for (const [title, run, skip] of [
      ...valueClaims(subject),
      ...slopeClaims(subject),
      ...backendClaims(subject, backends),
    ]) {
      checks.push({ group, title: title + suffix, run, ...(skip === undefined ? {} : { skip }) });
    }
  }
  return checks;
}

function valueClaims(subject: DivergenceSubject): Claim[] {
  const { entry, group, draw, compare } = subject;
  const claims: Claim[] = [
    [
      "gives a number for each pair",
      async () => {
        const matrix = await compare(await draw("first", ROWS), await draw("second", OTHERS));
        requireThat(
          matrix.shape.join() === `${ROWS},${OTHERS}` && matrix.dtype === "float64",
          "CHECK_SHAPE_WRONG",
          `the matrix of ${group} is ${matrix.dtype}${showShape(matrix.shape)}, not float64[${ROWS}, ${OTHERS}]`,
          { where: group, fix: "Compare each first with each second." },
        );
      },
    ],
    ["is finite for equal rows", () => requireFinite(subject, "equal rows")],
  ];
  if (zeroIsLegal(entry)) claims.push(["is finite for rows of zeros", () => requireFinite(subject, "rows of zeros")]);
  if (entry.nonNegative ?? true) {
    claims.push([
      "is 0 between equal rows and never negative",
      async () => {
        const x = await draw("second", ROWS);
        const { data } = await compare(x, x);
        for (let i = 0; i < ROWS; i++) {
          requireValue(
            subject,
            data[i * ROWS + i]!,
            (value) => Math.abs(value) <= TOLERANCE.float64,
            `row ${i} and itself`,
          );
        }
        const between = await compare(await draw("first", ROWS), await draw("second", OTHERS));
        between.data.forEach((value, at) => {
          const pair = `rows ${Math.floor(at / OTHERS)} and ${at % OTHERS}`;
          requireValue(subject, value, (number) => number >= -TOLERANCE.float64, pair);
        });
      },
    ]);
  }
  if (entry.symmetric) {
    claims.push([
      "is symmetric",
      async () => {
        const [x, y] = [await draw("first", ROWS), await draw("second", OTHERS)];
        const [turned, matrix] = [transposed(await compare(y, x)), await compare(x, y)];
        requireSame(subject, turned, matrix, "D(y, x) is not D(x, y)", "Correct it, or leave out `symmetric: true`.");
      },
    ]);
  }
  if (entry.matrix) claims.push(...pointClaims(subject));
  if (entry.sets) claims.push(...setClaims(subject));
  return claims;
}

function pointClaims(subject: DivergenceSubject): Claim[] {
  const { entry, draw, compare, paired, compareSets } = subject;
  const claims: Claim[] = [];
  if (entry.paired) {
    claims.push([
      "row by row it is the diagonal",
      async () => {
        const [x, y] = [await draw("first", ROWS), await draw("second", ROWS)];
        const { data } = await compare(x, y);
        const diagonal = ndarray(
          "float64",
          [ROWS],
          Float64Array.from({ length: ROWS }, (_, i) => data[i * ROWS + i]!),
        );
        requireSame(subject, await paired(x, y), diagonal, "`paired` is not the diagonal of `matrix`");
      },
    ]);
  }
  if (entry.generator) claims.push(generatorClaim(subject));
  if (entry.sets && !subject.entry.unbiased?.(subject.config)) {
    claims.push([
      "a set of one point is the point",
      async () => {
        const [x, y] = [await draw("first", ROWS), await draw("second", OTHERS)];
        requireSame(
          subject,
          await compareSets(asSets(x), asSets(y)),
          await compare(x, y),
          "sets of one differ from points",
        );
      },
    ]);
  }
  return claims;
}

function setClaims(subject: DivergenceSubject): Claim[] {
  const { drawSets, compareSets } = subject;
  return [
    [
      "points that are masked out do not count",
      async () => {
        const [x, y] = [await drawSets("first"), await drawSets("second")];
        const size = x.shape[1]!;
        const mask = ndarray("float64", [x.shape[0]!, size], new Float64Array(x.shape[0]! * size).fill(1));
        for (let set = 0; set < x.shape[0]!; set++) mask.data[set * size + size - 1] = 0;
        const shorter = dropLastPoint(x);
        requireSame(subject, await compareSets(x, y, mask), await compareSets(shorter, y), "masked points count");
      },
    ],
    ...(subject.entry.unbiased?.(subject.config)
      ? []
      : ([
          [
            "every point twice changes nothing",
            async () => {
              const [x, y] = [await drawSets("first"), await drawSets("second")];
              requireSame(
                subject,
                await compareSets(pointsTwice(x), y),
                await compareSets(x, y),
                "points twice change it",
              );
            },
          ],
        ] satisfies Claim[])),
  ];
}

function slopeClaims({
  entry,
  example,
  group,
  draw,
  drawSets,
  build,
  buildSets,
  parameters,
}: DivergenceSubject): Claim[] {
  return [
    [
      "gradients agree with differences",
      async () => {
        const weights = Object.values(await parameters());
        const arrays = entry.matrix
          ? [await draw("first", 3), await draw("second", OTHERS)]
          : [await drawSets("first"), await drawSets("second")];
        const built = entry.matrix ? build : buildSets;
        try {
          await checkGradients((x, y, ...owned) => built(x!, y!, owned), [...arrays, ...weights], {
            name: group,
            order: 1,
          });
        } catch (cause) {
          throw new CheckFailedError("CHECK_GRADIENT_WRONG", (cause as Error).message, {
            where: `${group} with ${JSON.stringify(example)}`,
            fix: "Correct the vjp of the host operator that it is made of, or say in `heldFixed` what is held fixed.",
            cause,
          });
        }
      },
      entry.heldFixed,
    ],
  ];
}

function backendClaims(subject: DivergenceSubject, backends: NamedBackends): Claim[] {
  const { draw, drawSets, compare, entry } = subject;
  return Object.entries(backends).map(([name, make]) => [
    `agrees with the reference on ${name}`,
    () =>
      withBackend(make, async (backend) => {
        const narrow = (array: NdArray) => ndarray(backend.float, array.shape, convert(backend.float, array.data));
        const wide = (array: NdArray) => ndarray("float64", array.shape, array.data);
        const drawn = entry.matrix
          ? [await draw("first", ROWS), await draw("second", OTHERS)]
          : [await drawSets("first"), await drawSets("second")];
        const [x, y] = [narrow(drawn[0]!), narrow(drawn[1]!)];
        const difference = differenceOf(await compare(x, y, backend), await compare(wide(x), wide(y)), {
          tolerance: TOLERANCE[backend.float],
        });
        if (difference) fail(subject, `on ${name} the matrix ${difference}`, "Keep the digits of near rows.");
      }),
  ]);
}

/** Whether 0 is in both domains. */
function zeroIsLegal({ domain }: Divergence): boolean {
  const legal = (argument: ArgumentDomain = "real") => ["real", "non-negative", "unit"].includes(argument);
  return legal(domain?.first) && legal(domain?.second);
}

async function requireFinite(subject: DivergenceSubject, what: "equal rows" | "rows of zeros"): Promise<void> {
  const { draw, slopes, group } = subject;
  const x = await draw("second", ROWS);
  const width = x.shape[1]!;
  const data = what === "equal rows" ? x.data.map((_, at) => x.data[at % width]!) : new Float64Array(x.data.length);
  const rows = ndarray("float64", x.shape, data as Float64Array);
  for (const [name, array] of Object.entries(await slopes(rows, rows))) {
    const at = array.data.findIndex((value) => !Number.isFinite(value));
    requireThat(
      at < 0,
      "CHECK_NOT_FINITE",
      `the ${name} of ${group} for ${what} is ${array.data[at]} at element ${at}`,
      {
        where: group,
        fix: "Define what a quotient by 0 or a root of 0 is, and mask it before it is computed.",
      },
    );
  }
}

function requireValue(
  subject: DivergenceSubject,
  value: number,
  legal: (value: number) => boolean,
  pair: string,
): void {
  if (legal(value)) return;
  fail(
    subject,
    `D of ${pair} is ${value}`,
    "A divergence is 0 between equal rows and never negative; say `nonNegative: false` of one that is neither.",
  );
}

function requireSame(
  subject: DivergenceSubject,
  got: NdArray,
  expected: NdArray,
  what: string,
  fix = "Correct one of the two.",
): void {
  const difference = differenceOf(got, expected, { tolerance: TOLERANCE.float64 });
  if (difference) fail(subject, `${what}: ${difference}`, fix);
}

function fail({ group }: DivergenceSubject, message: string, fix: string): never {
  throw new CheckFailedError("CHECK_VALUE_WRONG", `${group}: ${message}`, { where: group, fix });
}

function transposed({ shape, data }: NdArray): NdArray {
  const [rows, columns] = shape as [number, number];
  const turned = Float64Array.from(
    { length: data.length },
    (_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!,
  );
  return ndarray("float64", [columns, rows], turned);
}

const asSets = ({ shape, data }: NdArray) => ndarray("float64", [shape[0]!, 1, shape[1]!], data);

function dropLastPoint({ shape, data }: NdArray): NdArray {
  const [sets, size, width] = shape as [number, number, number];
  const kept: number[] = [];
  for (let set = 0; set < sets; set++) kept.push(...data.slice(set * size * width, (set * size + size - 1) * width));
  return ndarray("float64", [sets, size - 1, width], kept);
}

function pointsTwice({ shape, data }: NdArray): NdArray {
  const [sets, size, width] = shape as [number, number, number];
  const doubled: number[] = [];
  for (let set = 0; set < sets; set++) {
    const points = data.slice(set * size * width, (set + 1) * size * width);
    doubled.push(...points, ...points);
  }
  return ndarray("float64", [sets, 2 * size, width], doubled);
}
