import type { Kernel } from "../contracts/kernel.js";
import { matrixTranspose } from "../functions/matrix-transpose.js";
import { matmul } from "../ops/matmul.js";
import type { Check } from "./check.js";
import { differenceOf } from "./difference.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf } from "./entry-checks.js";
import { isPositiveSemidefinite } from "./kernel/positive-semidefinite.js";
import { type NamedBackends, REFERENCE_ONLY } from "./named-backends.js";
import { backendClaims, type PairClaim, pairClaims, TOLERANCE } from "./pairs/pair-checks.js";
import { failPair, OTHERS, type PairSubject, pairSubject, ROWS } from "./pairs/pair-subject.js";
import { runFunction } from "./run-function.js";

export interface KernelCheckOptions {
  readonly backends?: NamedBackends;
  readonly examples?: readonly ExampleConfig[];
}

/**
 * What every kernel owes, for each example configuration: a matrix of the right shape, symmetry, a feature map that gives the same
 * numbers, no negative eigenvalue where it says so, finite numbers for equal rows and rows of zeros, and the same on every backend. A
 * kernel whose matrix is an input owes its schema alone.
 */
export function kernelChecks(kernel: Kernel, options: KernelCheckOptions = {}): Check[] {
  const { backends = REFERENCE_ONLY } = options;
  const checks = entryChecks(kernel, options.examples);
  if (!kernel.matrix && !kernel.table) return checks;
  for (const example of examplesOf(kernel, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const subject = pairSubject(kernel, example);
    for (const [title, run] of [
      ...pairClaims(subject),
      ...ownClaims(kernel, subject),
      ...backendClaims(subject, backends),
    ]) {
      checks.push({ group: groupOf(kernel), title: title + suffix, run });
    }
  }
  return checks;
}

function ownClaims(kernel: Kernel, subject: PairSubject): PairClaim[] {
  const { group, draw, matrixOf } = subject;
  const claims: PairClaim[] = [];
  if (kernel.features) {
    claims.push([
      "its feature map gives the same numbers",
      async () => {
        const [x, y] = [await draw("x", ROWS), await draw("y", OTHERS)];
        const { config } = subject;
        const [products] = await runFunction(
          (a, b) => matmul(kernel.features!(a, config), matrixTranspose(kernel.features!(b!, config))),
          [x, y],
        );
        const difference = differenceOf(products!, await matrixOf(x, y), { tolerance: TOLERANCE.float64 });
        if (difference) {
          failPair(subject, `φ(x)·φ(y) is not κ(x, y): ${difference}`, "Correct the feature map, or leave it out.");
        }
      },
    ]);
  }
  if (kernel.positiveSemidefinite) {
    claims.push([
      "has no negative eigenvalue",
      async () => {
        const x = await draw("x", ROWS);
        if (!isPositiveSemidefinite(await matrixOf(x, x))) {
          failPair(
            subject,
            `the matrix of ${group} has a negative eigenvalue`,
            "Correct it, or do not claim `positiveSemidefinite`.",
          );
        }
      },
    ]);
  }
  return claims;
}
