import { renyiEntropy } from "../measures/entropy.js";
import { showNumber } from "../report/numbers.js";
import { drawPlane, type PlanePicture, planeOf } from "./plane-picture.js";

export interface EntropyPicture extends PlanePicture {
  /** The order of the Rényi entropy; 2 by default. */
  readonly alpha?: number;
}

const LEVELS = 16;

/**
 * How unsure a model of the plane is, as a self-contained SVG: the Rényi entropy of the posteriors at every place in 16 steps from 0, white,
 * to log K, dark. A model that is sure everywhere but on thin lines between its clusters is white but for these.
 *
 *     H_α(p) = log(Σₖ pₖ^α) / (1 − α)
 *
 * Errors   as `decisionRegions`
 * Source   Ohl et al., NeurIPS 2022, figure 3, which does not state the order
 */
export async function entropyMap({ alpha = 2, ...picture }: EntropyPicture): Promise<string> {
  const plane = await planeOf(picture);
  const width = plane.cells[0]!.length;
  const most = Math.log(width) || 1;
  const levels = plane.cells.map((row) => {
    const entropy = renyiEntropy(row, alpha);
    return Math.min(LEVELS - 1, Math.max(0, Math.floor((LEVELS * entropy) / most)));
  });
  const used = [...new Set(levels)].filter((level) => level > 0).sort((a, b) => a - b);
  const shades = new Map(used.map((level) => [`e${level}`, levels.map((each) => each === level)]));
  const unsure = levels.filter((level) => level >= LEVELS / 2).length / levels.length;
  return drawPlane(picture, plane, shades, {
    description: `The darker, the less sure: Rényi entropy of order ${showNumber(alpha)} from 0 to log ${width} = ${showNumber(most)}. On ${showNumber(Math.round(1000 * unsure) / 10)} % of the area it is above half of that.`,
    style: used.map((level) => `.e${level}{fill:#2b2140;fill-opacity:${(0.85 * level) / (LEVELS - 1)}}`).join(""),
  });
}
