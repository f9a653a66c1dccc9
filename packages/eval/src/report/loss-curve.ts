import { chart } from "./chart.js";
import { html, type Markup } from "./markup.js";
import { showNumber } from "./numbers.js";
import type { LossPoint } from "./report-input.js";
import { section } from "./section.js";
import { axisOf, px } from "./ticks.js";

// More points than pixels only make the file large.
const MOST_POINTS = 400;

/** Neighbouring steps as one: their mean, and the range they cover. */
interface Bucket {
  readonly step: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function bucketsOf(points: readonly LossPoint[]): Bucket[] {
  const count = Math.min(MOST_POINTS, points.length);
  return Array.from({ length: count }, (_, index) => {
    const bucket = points.slice(
      Math.floor((index * points.length) / count),
      Math.floor(((index + 1) * points.length) / count),
    );
    const losses = bucket.map(({ loss }) => loss);
    return {
      step: bucket.at(-1)!.step,
      mean: losses.reduce((sum, loss) => sum + loss / losses.length, 0),
      low: Math.min(...losses),
      high: Math.max(...losses),
    };
  });
}

/**
 * The loss over the steps of training. Long runs are averaged, and the band shows what the average hides.
 *
 * @param meaning what the number is, in a sentence
 */
export function lossCurveSection(points: readonly LossPoint[], meaning = ""): Markup {
  const finite = points.filter(({ step, loss }) => Number.isFinite(step) && Number.isFinite(loss));
  const dropped = points.length - finite.length;
  if (finite.length === 0) {
    return section("loss", "Loss", points.length === 0 ? "No losses were recorded." : "No recorded loss was finite.");
  }
  const ordered = [...finite].sort((a, b) => a.step - b.step);
  const buckets = bucketsOf(ordered);
  const averaged = buckets.length < ordered.length;
  const [first, last] = [ordered[0]!, ordered.at(-1)!];
  const least = ordered.reduce((a, b) => (b.loss < a.loss ? b : a));
  const x = axisOf(Math.min(0, first.step), last.step);
  const y = axisOf(
    buckets.reduce((low, bucket) => Math.min(low, bucket.low), Number.POSITIVE_INFINITY),
    buckets.reduce((high, bucket) => Math.max(high, bucket.high), Number.NEGATIVE_INFINITY),
  );
  const notes = [
    averaged
      ? `Each point is the mean of about ${Math.round(ordered.length / buckets.length)} steps, the band their range.`
      : "",
    dropped > 0
      ? `${showNumber(dropped)} of ${showNumber(points.length)} recorded losses were not finite and are left out.`
      : "",
    meaning,
  ].join(" ");
  return section(
    "loss",
    "Loss",
    html`<figure>${chart({
      id: "loss-chart",
      title: "Loss over the steps of training",
      description: `From ${showNumber(first.loss)} at step ${showNumber(first.step)} to ${showNumber(last.loss)} at step ${showNumber(last.step)}; least ${showNumber(least.loss)} at step ${showNumber(least.step)}.`,
      x,
      y,
      xLabel: "step",
      yLabel: "loss (minimised)",
      draw: (toX, toY) => {
        const at = (bucket: Bucket, value: number) => `${px(toX(bucket.step))} ${px(toY(value))}`;
        const line = buckets.map((bucket) => at(bucket, bucket.mean)).join("L");
        const upper = buckets.map((bucket) => at(bucket, bucket.high));
        const lower = buckets.map((bucket) => at(bucket, bucket.low)).reverse();
        const end = buckets.at(-1)!;
        return [
          ...(averaged ? [html`<path class="band" d="M${[...upper, ...lower].join("L")}z"/>`] : []),
          html`<path class="line" d="M${line}"/>`,
          html`<circle class="end" cx="${px(toX(end.step))}" cy="${px(toY(end.mean))}" r="3.5"/>`,
        ];
      },
    })}<figcaption>Last ${showNumber(last.loss)} at step ${showNumber(last.step)}; least ${showNumber(least.loss)} at step ${showNumber(least.step)}. ${notes}</figcaption></figure>`,
  );
}
