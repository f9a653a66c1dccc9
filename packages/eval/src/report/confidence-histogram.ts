import { chart } from "./chart.js";
import { html, type Markup } from "./markup.js";
import { showNumber, showScore, showShare } from "./numbers.js";
import { section } from "./section.js";
import { axisOf, px } from "./ticks.js";

const BINS = 20;
const SURE = 0.9;

/** How sure the model is of its rows: a histogram of the largest posterior of each. */
export function confidenceSection(confidence: readonly number[]): Markup {
  const title = "Confidence";
  // Half a percent beyond 1 is float32's softmax; more is not a probability.
  const usable = confidence.filter((value) => value >= 0 && value <= 1.005).sort((a, b) => a - b);
  const dropped = confidence.length - usable.length;
  if (usable.length === 0) {
    return section(
      "confidence",
      title,
      confidence.length === 0 ? "There are no posteriors." : "No posterior was a probability.",
    );
  }
  const counts = new Array<number>(BINS).fill(0);
  for (const value of usable) counts[Math.min(BINS - 1, Math.floor(value * BINS))]!++;
  const median = usable[Math.floor(usable.length / 2)]!;
  const sure = usable.filter((value) => value > SURE).length / usable.length;
  const caption = `Median ${showScore(median)}; ${showShare(sure)} of the rows are above ${SURE}.${
    dropped === 0 ? "" : ` ${showNumber(dropped)} values were not probabilities and are left out.`
  }`;
  return section(
    "confidence",
    title,
    html`<figure>${chart({
      id: "confidence-chart",
      title: "Rows by their largest posterior",
      description: caption,
      x: axisOf(0, 1),
      y: axisOf(0, Math.max(...counts)),
      xLabel: "largest posterior of a row",
      yLabel: "rows",
      draw: (toX, toY) =>
        counts.map((count, bin) => {
          if (count === 0) return html``;
          const [from, to] = [toX(bin / BINS) + 1, toX((bin + 1) / BINS) - 1];
          // One row among ten thousand still shows as a line.
          const top = Math.min(toY(count), toY(0) - 1);
          return html`<path class="area" d="M${px(from)} ${px(toY(0))}V${px(top)}H${px(to)}V${px(toY(0))}z"/>`;
        }),
    })}<figcaption>${caption}</figcaption></figure>`,
  );
}
