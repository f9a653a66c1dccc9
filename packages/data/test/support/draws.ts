import { type BatchSampler, Key, type Sampler, type Supervision } from "@semblance/core";

/** A sampler at work on rows whose classes are given. */
export function sampling<Config>(
  sampler: Sampler<Config>,
  {
    labels,
    supervision,
    rows = labels?.length ?? 10,
    config,
    seed = 0,
  }: {
    readonly labels?: readonly number[];
    readonly supervision?: Supervision;
    readonly rows?: number;
    readonly config: Config;
    readonly seed?: number;
  },
): BatchSampler {
  return sampler.create({
    rows,
    ...(labels ? { labels: Int32Array.from(labels) } : {}),
    ...(supervision ? { supervision } : {}),
    key: Key.fromSeed(seed),
    config,
  });
}

/** The rows of so many batches. */
export const batchesOf = (sampler: BatchSampler, count: number): number[][] =>
  Array.from({ length: count }, () => [...sampler.next().indices]);

/** `total` draws of equally likely things: how far each may be from its expectation, at five standard deviations. */
export const withinFiveDeviations = (count: number, total: number, probability: number): boolean =>
  Math.abs(count - total * probability) <= 5 * Math.sqrt(total * probability * (1 - probability));

/** How often each value comes, in ascending order of values. */
export function frequencies(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of [...values].sort((a, b) => a - b)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
