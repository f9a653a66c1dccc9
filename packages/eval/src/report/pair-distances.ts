import { bestThreshold, type PairDistances } from "../statistics/pair-distances.js";
import { chart } from "./chart.js";
import { html, type Markup, name } from "./markup.js";
import { showNumber, showScore, showShare } from "./numbers.js";
import type { NeighbourReport } from "./report-input.js";
import { section } from "./section.js";
import { axisOf, px } from "./ticks.js";

const MOST_BINS = 40;
const FEWEST_BINS = 8;
/** What is farther than this share of all pairs is drawn in the last bin: a few far pairs would make a line of the rest. */
const SHOWN = 0.995;

type NamedDistances = PairDistances & { readonly name: string };

/** Histograms of distances of pairs of the same class and of different ones, with the distance that parts them best. */
export function pairDistancesSection({
  distances,
  distancesNote,
}: Pick<NeighbourReport, "distances" | "distancesNote">): Markup | undefined {
  if (distances === undefined || distances.length === 0) return undefined;
  return section(
    "distances",
    "Distances of pairs",
    [
      html`<div class="pair">${distances.map(histogram)}</div>`,
      ...(distancesNote === undefined ? [] : [html`<p class="caption">${distancesNote}</p>`]),
    ],
    "wide",
  );
}

const finite = (values: ArrayLike<number>) => Array.from(values).filter(Number.isFinite);

function histogram(distances: NamedDistances, at: number): Markup {
  const [same, different] = [finite(distances.same), finite(distances.different)];
  if (same.length === 0 || different.length === 0) {
    return html`<figure><p class="empty">${name(distances.name)}: there are no pairs of ${
      same.length === 0 ? "the same class" : "different classes"
    }.</p></figure>`;
  }
  const { threshold, accuracy, equalErrorRate, areaUnderCurve } = bestThreshold({ same, different });
  const all = Float64Array.from([...same, ...different]).sort();
  const [low, last] = [all[0]!, Math.max(all[Math.floor(SHOWN * (all.length - 1))]!, threshold)];
  const high = last > low ? last : low + 1;
  // A wider bar for fewer pairs, by Rice's rule.
  const bins = Math.max(
    FEWEST_BINS,
    Math.min(MOST_BINS, Math.ceil(2 * Math.cbrt(Math.min(same.length, different.length)))),
  );
  const shares = [same, different].map((values) => {
    const counts = new Float64Array(bins);
    for (const value of values) {
      counts[Math.max(0, Math.min(bins - 1, Math.floor((bins * (value - low)) / (high - low))))]! += 1 / values.length;
    }
    return counts;
  });
  const beyond = all.length - all.findLastIndex((value) => value <= high) - 1;
  const farthest =
    beyond === 0
      ? ""
      : ` The last bar holds ${showNumber(beyond)} pairs beyond the axis, up to ${showNumber(all.at(-1)!)}.`;
  const dropped = distances.same.length + distances.different.length - all.length;
  const caption = `Pair AUC ${showScore(areaUnderCurve)}. The threshold of the best balanced accuracy is ${showNumber(threshold)}: ${showShare(accuracy)}, fitted to these ${showNumber(all.length)} pairs. Equal error rate ${showScore(equalErrorRate)}.${farthest}${
    dropped === 0 ? "" : ` ${showNumber(dropped)} distances were not finite and are left out.`
  }`;
  const step = (high - low) / bins;
  return html`<figure>${chart({
    id: `distances-${at}`,
    title: `Distances of pairs, ${distances.name}`,
    description: caption,
    x: axisOf(low, high),
    y: axisOf(0, Math.max(...shares.map((share) => Math.max(...share)))),
    xLabel: "divergence",
    yLabel: "share of the pairs of its kind",
    draw: (toX, toY) => [
      ...shares.map((share, kind) => {
        const steps = [...share].map((value, bin) => `V${px(toY(value))}H${px(toX(low + (bin + 1) * step))}`).join("");
        return html`<path class="${kind === 0 ? "same" : "different"}" d="M${px(toX(low))} ${px(toY(0))}${steps}V${px(toY(0))}z"/>`;
      }),
      html`<path class="threshold" d="M${px(toX(threshold))} ${px(toY(0))}V26"/>`,
    ],
  })}<p class="legend"><span class="badge"><svg viewBox="-5 -5 10 10" aria-hidden="true"><path class="same" d="M-4-4h8v8h-8z"/></svg>same class, or said to belong together</span> <span class="badge"><svg viewBox="-5 -5 10 10" aria-hidden="true"><path class="different" d="M-4-4h8v8h-8z"/></svg>different</span> <span class="badge"><svg class="line-badge" viewBox="0 0 24 10" aria-hidden="true"><path class="threshold" d="M1 5h22"/></svg>best threshold</span></p><figcaption>${name(distances.name)}. ${caption}</figcaption></figure>`;
}
