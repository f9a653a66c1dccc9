import type { BatchSampler, SampledBatch, Sampler } from "../contracts/sampler.js";
import { Key } from "../random/key.js";
import { requireCoded, requireEqual, requireRefused, requireThat } from "./assertions.js";
import { type Check, CheckFailedError } from "./check.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";

/** Rows of the usual data set: no multiple of the usual batch sizes, and several of each of its classes. */
const ROWS = 53;
const CLASSES = 4;
/** Data sets smaller than any batch. */
const SMALL = [1, 2, 3, 5];
const EPOCHS = 3;
/** No state of any sampler. */
const FOREIGN = [null, "state", 7, [], {}, { epoch: -1 }, { nothing: "of the kind" }];

const labelsOf = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row % CLASSES);

/**
 * What every sampler owes, for each example configuration: rows that exist, epochs that end where it says and cover what it promises,
 * the same batches for the same key and others for another, a state of plain JSON from which it continues with the very same batches,
 * refusal of foreign states, and sense on data sets smaller than a batch.
 */
export function samplerChecks(
  sampler: Sampler,
  options: { readonly examples?: readonly ExampleConfig[] } = {},
): Check[] {
  const group = groupOf(sampler);
  const checks = entryChecks(sampler, options.examples);
  for (const example of examplesOf(sampler, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const create = (seed = 1, rows = ROWS, labels: Int32Array | undefined = labelsOf(rows)): BatchSampler =>
      sampler.create({
        rows,
        key: Key.fromSeed(seed),
        config: settled(sampler, example),
        ...(labels ? { labels } : {}),
      });
    const add = (title: string, run: () => Promise<void>) => checks.push({ group, title: title + suffix, run });

    add("gives rows that exist, in epochs that end where it says", async () => checkEpochs(create(), ROWS, group));
    const covers = sampler.covers?.bind(sampler);
    if (covers) {
      add("covers in an epoch what it promises", async () => {
        const promise = covers(settled(sampler, example));
        const drawing = create();
        for (let epoch = 0; epoch < EPOCHS && promise !== "nothing"; epoch++) {
          const seen = take(drawing, drawing.batchesPerEpoch).flatMap(({ indices }) => [...indices]);
          requireThat(new Set(seen).size === seen.length, "CHECK_VALUE_WRONG", `epoch ${epoch} gives a row twice`, {
            where: group,
          });
          requireThat(
            promise === "rows-at-most-once" || seen.length === ROWS,
            "CHECK_VALUE_WRONG",
            `epoch ${epoch} gives ${seen.length} of ${ROWS} rows`,
            { where: group, fix: "Give every row, or promise less in `covers`." },
          );
        }
      });
    }
    add("gives the same batches for the same key, and others for another", async () => {
      const steps = EPOCHS * create().batchesPerEpoch;
      const of = (seed: number) => JSON.stringify(take(create(seed), steps).map(plain));
      const [first, again] = [of(1), of(1)];
      requireThat(again === first, "CHECK_NOT_DETERMINISTIC", `${group} gives other batches for the same key`, {
        where: group,
        fix: "Draw everything from the key.",
      });
      requireThat(
        [2, 3, 4].some((seed) => of(seed) !== first),
        "CHECK_VALUE_WRONG",
        `${group} does not read its key`,
        {
          where: group,
          fix: "Draw the order from the key, anew for every epoch.",
        },
      );
    });
    add("continues from a state with the very same batches", async () => {
      const steps = create().batchesPerEpoch;
      for (const at of [0, 1, Math.max(1, steps - 1), steps, 2 * steps + 1]) {
        const first = create();
        take(first, at);
        const state = JSON.parse(JSON.stringify(first.state())) as unknown;
        requireEqual(state, first.state(), "the state after a round through JSON");
        const expected = take(first, steps + 2).map(plain);
        const used = create();
        take(used, 2);
        for (const [resumed, what] of [[create(), "a new sampler"] as const, [used, "a used sampler"] as const]) {
          resumed.restore(state);
          requireThat(
            JSON.stringify(take(resumed, steps + 2).map(plain)) === JSON.stringify(expected),
            "CHECK_STATE_LOST",
            `${what} restored from the state after ${at} batches gives other batches`,
            { where: group, fix: "Put all that the next batch depends on into the state, and take all of it back." },
          );
        }
      }
    });
    add("refuses foreign states, and goes on", async () => {
      for (const state of FOREIGN) {
        const [drawing, undisturbed] = [create(), create()];
        await requireRefused(
          () => drawing.restore(state),
          { code: "SAMPLER_STATE_INVALID" },
          `the state ${JSON.stringify(state)}`,
        );
        requireThat(
          JSON.stringify(take(drawing, 3).map(plain)) === JSON.stringify(take(undisturbed, 3).map(plain)),
          "CHECK_STATE_LOST",
          `a refused state changed what ${group} gives`,
          { where: group, fix: "Check a state in full before taking anything from it." },
        );
      }
    });
    add("hands out batches that its caller may write into, and writes into no label", async () => {
      const labels = labelsOf(ROWS);
      const [spoilt, kept] = [create(1, ROWS, labels), create()];
      for (let step = 0; step < 2 * kept.batchesPerEpoch; step++) {
        const batch = spoilt.next();
        requireEqual(plain(batch), plain(kept.next()), `batch ${step} after earlier ones were written into`);
        batch.indices.fill(0);
      }
      requireThat(
        [...labels].join() === [...labelsOf(ROWS)].join(),
        "CHECK_INPUT_MUTATED",
        `${group} writes into labels`,
        { where: group },
      );
    });
    add("works or is refused on data smaller than a batch, and without labels", async () => {
      for (const rows of [...SMALL, ROWS]) {
        for (const labels of [labelsOf(rows), undefined]) {
          try {
            checkEpochs(
              sampler.create({
                rows,
                key: Key.fromSeed(1),
                config: settled(sampler, example),
                ...(labels ? { labels } : {}),
              }),
              rows,
              group,
            );
          } catch (error) {
            if (error instanceof CheckFailedError) throw error;
            requireCoded(error, `${group} on ${rows} rows ${labels ? "with" : "without"} labels`);
          }
        }
      }
    });
  }
  return checks;
}

const take = (sampler: BatchSampler, steps: number): SampledBatch[] =>
  Array.from({ length: steps }, () => sampler.next());
const plain = ({ indices, epoch, lastOfEpoch }: SampledBatch) => [[...indices], epoch, lastOfEpoch];

function checkEpochs(sampler: BatchSampler, rows: number, group: string): void {
  const { batchesPerEpoch } = sampler;
  requireThat(
    Number.isSafeInteger(batchesPerEpoch) && batchesPerEpoch > 0,
    "CHECK_VALUE_WRONG",
    `${group} has ${batchesPerEpoch} batches an epoch`,
    { where: group },
  );
  for (let step = 0; step < EPOCHS * batchesPerEpoch; step++) {
    const { indices, epoch, lastOfEpoch } = sampler.next();
    requireThat(
      indices instanceof Int32Array && indices.length > 0 && indices.every((row) => row >= 0 && row < rows),
      "CHECK_VALUE_WRONG",
      `batch ${step} of ${group} names rows that are not among the ${rows}, or none: ${[...indices].slice(0, 8).join(", ")}`,
      { where: group },
    );
    requireEqual(epoch, Math.floor(step / batchesPerEpoch), `the epoch of batch ${step}`);
    requireEqual(lastOfEpoch, step % batchesPerEpoch === batchesPerEpoch - 1, `whether batch ${step} ends its epoch`);
  }
}
