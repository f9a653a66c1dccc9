import type { MiningBatch } from "@semblance/core";
import { type Chooser, forEachTriplet, relationIn } from "../mining/chooser.js";
import { anchorWeights, factorOf, negativePlace, type TripletTerms } from "./fold-triplets.js";
import { softHinge } from "./soft-margin.js";

/**
 * The second derivative of folded soft terms along a direction v [n·n]: each triplet adds w·σ'(z)·(v_ap − v_an) at (a, p), and takes it
 * off at (a, n).
 */
export function curvatureAlong(
  direction: ArrayLike<number>,
  {
    d,
    batch,
    chooser,
    terms,
  }: {
    readonly d: ArrayLike<number>;
    readonly batch: MiningBatch;
    readonly chooser: Chooser | undefined;
    readonly terms: TripletTerms;
  },
): Float64Array {
  const { rows } = batch;
  const relation = relationIn(batch);
  const perAnchor = terms.reduction === "per-anchor";
  const weights = anchorWeights(batch, chooser);
  const out = new Float64Array(rows * rows);
  let [valid, above] = [0, 0];
  forEachTriplet(batch, chooser, (a, p, n) => {
    const [first, second] = [a * rows + p, negativePlace(d, rows, [a, p, n], terms.swap)];
    const { term, curvature } = softHinge(d[first]! - d[second]!);
    const weight = -relation(a, p) * relation(a, n);
    valid += weight;
    if (term > 0) above += weight;
    const bent = (perAnchor ? weight / weights[a]! : weight) * curvature * (direction[first]! - direction[second]!);
    out[first]! += bent;
    out[second]! -= bent;
  });
  const anchors = weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
  const factor = factorOf(terms.reduction, { valid, above, anchors });
  return out.map((value) => value * factor);
}
