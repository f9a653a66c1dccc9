import { confusionMatrix } from "../partitions/confusion-matrix.js";
import { showNumber } from "../report/numbers.js";
import { HUES } from "../report/palette.js";
import { drawPlane, largest, type PlanePicture, planeOf } from "./plane-picture.js";

/**
 * The decision regions of a model of the plane, as a self-contained SVG: every place in the colour of the cluster with the largest posterior
 * there, and the points in the colours of their groups. A cluster has the colour of the group that it is matched to, and one that no group
 * is left for a colour of its own.
 *
 * Errors   RANK_MISMATCH, INPUT_EMPTY, VALUE_NOT_FINITE, VALUES_TOO_LARGE, LENGTHS_DIFFER, LABEL_NOT_INTEGER, SETTING_INVALID
 */
export async function decisionRegions(picture: PlanePicture): Promise<string> {
  const plane = await planeOf(picture);
  const winners = plane.cells.map(largest);
  const clusters = [...new Set(winners)].sort((a, b) => a - b);
  const shades = new Map(clusters.map((cluster) => [`r${cluster}`, winners.map((winner) => winner === cluster)]));
  const { classes, clusters: met, matchedClass } = confusionMatrix(plane.groups, plane.predicted);
  let free = Math.max(...classes);
  const hue = (cluster: number) => {
    const group = matchedClass[met.indexOf(cluster)] ?? ++free;
    return HUES.light[((group % HUES.light.length) + HUES.light.length) % HUES.light.length]!;
  };
  return drawPlane(picture, plane, shades, {
    description: `The regions of ${showNumber(clusters.length)} clusters: ${clusters.join(", ")}.`,
    style: clusters.map((cluster) => `.r${cluster}{fill:${hue(cluster)};fill-opacity:.22}`).join(""),
  });
}
