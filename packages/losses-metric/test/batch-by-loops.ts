import { average, dot, type Rows, squaredDistance, unit } from "./evaluate.js";

/** The batch losses with their default reductions, in loops over plain numbers, pair by pair and triplet by triplet. */

interface Batch {
  readonly embeddings: Rows;
  readonly labels: readonly number[];
}

const sumExp = (exponents: readonly number[]) => exponents.reduce((total, x) => total + Math.exp(x), 0);
const distance = (a: readonly number[], b: readonly number[]) => Math.sqrt(squaredDistance(a, b));
const meanOrZero = (terms: readonly number[]) => (terms.length === 0 ? 0 : average(terms));

/** For each anchor its positives and negatives, as numbers of rows. */
function neighbours({ labels }: Pick<Batch, "labels">) {
  return labels.map((label, i) => ({
    i,
    positives: labels.flatMap((other, j) => (other === label && j !== i ? [j] : [])),
    negatives: labels.flatMap((other, k) => (other !== label ? [k] : [])),
  }));
}
const withBoth = (batch: Batch) =>
  neighbours(batch).filter(({ positives, negatives }) => positives.length > 0 && negatives.length > 0);

export function liftedByPairs({ embeddings: x, labels }: Batch, margin: number): number {
  const of = neighbours({ labels });
  const terms: number[] = [];
  for (const { i, positives } of withBoth({ embeddings: x, labels })) {
    for (const j of positives.filter((each) => each > i)) {
      const fromFirst = of[i]!.negatives.map((k) => margin - distance(x[i]!, x[k]!));
      const fromSecond = of[j]!.negatives.map((k) => margin - distance(x[j]!, x[k]!));
      const joined = Math.log(sumExp([...fromFirst, ...fromSecond])) + distance(x[i]!, x[j]!);
      terms.push(Math.max(joined, 0) ** 2 / 2);
    }
  }
  return meanOrZero(terms);
}

export function generalisedLiftedByLoops(batch: Batch, margin: number): number {
  const x = batch.embeddings;
  return meanOrZero(
    withBoth(batch).map(({ i, positives, negatives }) => {
      const far = Math.log(sumExp(positives.map((j) => distance(x[i]!, x[j]!))));
      const near = Math.log(sumExp(negatives.map((k) => margin - distance(x[i]!, x[k]!))));
      return Math.max(0, far + near);
    }),
  );
}

/** f by the geometry that it was derived from: ‖a − p‖² − 4t‖n − (a + p)/2‖² = 2 − 6t + f of unit vectors. */
export function angularByGeometry({ embeddings, labels }: Batch, degrees: number): number {
  const u = embeddings.map(unit);
  const t = Math.tan((degrees * Math.PI) / 180) ** 2;
  const terms = withBoth({ embeddings, labels }).flatMap(({ i, positives, negatives }) =>
    positives.map((j) => {
      const middle = u[i]!.map((value, at) => (value + u[j]![at]!) / 2);
      const f = (k: number) => squaredDistance(u[i]!, u[j]!) - 4 * t * squaredDistance(u[k]!, middle) - (2 - 6 * t);
      return Math.log(1 + sumExp(negatives.map(f)));
    }),
  );
  return meanOrZero(terms);
}

export function multiSimilarityByLoops({ embeddings, labels }: Batch, [alpha, beta, base]: readonly number[]): number {
  const u = embeddings.map(unit);
  return average(
    neighbours({ labels }).map(({ i, positives, negatives }) => {
      const pull = sumExp(positives.map((j) => -alpha! * (dot(u[i]!, u[j]!) - base!)));
      const push = sumExp(negatives.map((k) => beta! * (dot(u[i]!, u[k]!) - base!)));
      return Math.log(1 + pull) / alpha! + Math.log(1 + push) / beta!;
    }),
  );
}

export function ntXentByLoops(batch: Batch, temperature: number): number {
  const u = batch.embeddings.map(unit);
  const logit = (i: number, k: number) => dot(u[i]!, u[k]!) / temperature;
  return meanOrZero(
    withBoth(batch).flatMap(({ i, positives, negatives }) =>
      positives.map((j) => Math.log(sumExp([j, ...negatives].map((k) => logit(i, k) - logit(i, j))))),
    ),
  );
}

export function supConByLoops(batch: Batch, temperature: number): number {
  const u = batch.embeddings.map(unit);
  const logit = (i: number, k: number) => dot(u[i]!, u[k]!) / temperature;
  return meanOrZero(
    withBoth(batch).map(({ i, positives, negatives }) => {
      const all = Math.log(sumExp([...positives, ...negatives].map((k) => logit(i, k))));
      return all - average(positives.map((j) => logit(i, j)));
    }),
  );
}

/** SimCLR: rows 2m and 2m + 1 are two views of one item; the other view against all other rows. */
export function simclr(views: Rows, temperature: number): number {
  const u = views.map(unit);
  const logit = (i: number, k: number) => dot(u[i]!, u[k]!) / temperature;
  return average(
    u.map((_, i) => {
      const others = u.flatMap((_, k) => (k === i ? [] : [logit(i, k)]));
      return Math.log(sumExp(others)) - logit(i, i % 2 === 0 ? i + 1 : i - 1);
    }),
  );
}

/** Its weights are taken at `held`, so that differences of it are what the loss calls its gradient. */
export function circleByLoops(batch: Batch, [margin, gamma]: readonly number[], held = batch.embeddings): number {
  const m = margin!;
  const [u, v] = [batch.embeddings.map(unit), held.map(unit)];
  return meanOrZero(
    withBoth(batch).map(({ i, positives, negatives }) => {
      const pull = positives.map((j) => {
        const weight = Math.max(0, 1 + m - dot(v[i]!, v[j]!));
        return -gamma! * weight * (dot(u[i]!, u[j]!) - (1 - m));
      });
      const push = negatives.map((k) => {
        const weight = Math.max(0, dot(v[i]!, v[k]!) + m);
        return gamma! * weight * (dot(u[i]!, u[k]!) - m);
      });
      return Math.log(1 + sumExp(pull) * sumExp(push));
    }),
  );
}

export function ncaByLoops(batch: Batch, scale: number): number {
  const u = batch.embeddings.map(unit);
  const logit = (i: number, k: number) => -scale * squaredDistance(u[i]!, u[k]!);
  return meanOrZero(
    withBoth(batch).map(({ i, positives, negatives }) => {
      const own = sumExp(positives.map((j) => logit(i, j)));
      return -Math.log(own / (own + sumExp(negatives.map((k) => logit(i, k)))));
    }),
  );
}
