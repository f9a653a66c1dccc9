/** One training step of a network for pictures beside the same step in PyTorch: GEMINI MMD one-vs-all (linear kernel), Adam, float32. */
import { ortBackend } from "@semblance/backend-ort";
import { Key, ndarray } from "@semblance/core";
import { clock, median, timesOf } from "./clock.mjs";
import { pythonPeer } from "./python-peer.mjs";
import { ortOptions, trainingStep } from "./training-step.mjs";

const sizeOf = (shape) => shape.reduce((product, extent) => product * extent, 1);

/**
 * The rows of the benchmark table: medians after warm-up, contestants taking turns, so that what else the machine does hits both alike.
 *
 * @param {{ title: string, model: { name: string }, item: readonly number[], batch: number, steps: number, round: number }} subject
 * @param {{ peers?: boolean, threads?: number | readonly number[], processorTime?: boolean }} options
 */
export async function networkRows(
  { title, model, item, batch, steps, round },
  { peers = false, threads = [1, 2], processorTime = false } = {},
) {
  const table = [];
  const now = clock(processorTime);
  const kindOfTime = processorTime ? "processor" : "clock";
  for (const count of [threads].flat()) {
    const shape = [batch, ...item];
    const x = ndarray("float32", shape, Float32Array.from(Key.fromSeed(2).normal(sizeOf(shape))));
    const ours = await trainingStep({ backend: await ortBackend(ortOptions(count)), model, x });
    const torch = peers
      ? pythonPeer("network-step.py", { needs: "torch", arguments: [model.name, count, kindOfTime] })
      : undefined;
    const times = { ours: [], torch: [] };
    try {
      await timesOf(ours.run, round, now);
      await torch?.ask(round);
      for (let done = 0; done < steps; done += round) {
        times.ours.push(...(await timesOf(ours.run, round, now)));
        if (torch) times.torch.push(...(await torch.ask(round)).ms);
      }
    } finally {
      await ours.dispose();
      torch?.dispose();
    }
    const name = `${title}, MMD-OvA, Adam, batch ${batch}, ${count} thread${count === 1 ? "" : "s"}`;
    const ms = median(times.ours);
    if (!torch) table.push({ name, ms });
    else
      table.push({
        name,
        peer: "PyTorch, eager",
        ms,
        peerMs: median(times.torch),
        ratio: ms / median(times.torch),
        target: 1,
      });
  }
  return table;
}

/** Its options on the command line. */
export const networkOptions = { threads: "numbers", "processor-time": "flag" };
