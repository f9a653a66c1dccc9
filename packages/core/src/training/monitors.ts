import type { Arrays } from "../contracts/backend.js";
import type { Tensor } from "../ir/tensor.js";

/** Outputs of a step that a loss or its divergence tells training. */
export const MONITOR = "monitor/";

/**
 * What losses tell training by `monitor`, and training judges at the end of an epoch:
 *
 * - `tuples` []: how many pairs, triplets or anchors the batch held
 * - `positive`, `negative` []: the mean divergence of pairs of one class and of different classes, and `margin` [] what is asked
 *   between them
 * - `term`, `chance` []: the mean loss of an anchor that chooses among rows, and what that is where nothing tells them apart
 * - `active` [k]: the share of the batch for which output k is the largest
 * - `fallback` []: how many draws had no candidate within their limits and were made from all
 */
export const MONITORS = ["tuples", "positive", "negative", "margin", "term", "chance", "active", "fallback"] as const;

/** Gathers what is told while a loss is built; of what is told twice, the last. */
export class MonitorSink {
  readonly values: Record<string, Tensor> = {};
  readonly tell = (name: string, value: Tensor): void => {
    this.values[MONITOR + name] = value;
  };
}

/** What a step's results hold of it, by name. */
export function monitorsOf(results: Arrays): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(results).flatMap(([name, { data }]) =>
      name.startsWith(MONITOR) ? [[name.slice(MONITOR.length), Array.from(data)]] : [],
    ),
  );
}

type Numbers = Readonly<Record<string, readonly number[]>>;

export function addMonitors(sums: Numbers, values: Numbers): Record<string, number[]> {
  const added = Object.entries(values).map(([name, numbers]) => [
    name,
    numbers.map((value, index) => value + (sums[name]?.[index] ?? 0)),
  ]);
  return { ...sums, ...Object.fromEntries(added) };
}

export function meanMonitors(sums: Numbers, count: number): Record<string, number[]> {
  return Object.fromEntries(Object.entries(sums).map(([name, numbers]) => [name, numbers.map((sum) => sum / count)]));
}
