import { expect, it } from "vitest";
import { initialState, Key, prepareAffinity, referenceBackend, rowsOf, StepRunner } from "../src/index.js";
import { comparingLearner } from "./comparing-learner.js";
import { tinyData } from "./tiny-learner.js";

const data = tinyData();
const rows = rowsOf(data);
const inOrder = Int32Array.from({ length: rows }, (_, row) => row);

async function stateAfter(batches: readonly Int32Array[]) {
  const backend = referenceBackend();
  const learner = comparingLearner({ distance: "far" }, data);
  const key = Key.fromSeed(1);
  const runner = new StepRunner({ backend, learner, data, key }, initialState(learner, key, backend.float));
  runner.useAffinity(await prepareAffinity({ learner, backend, data, timesEachPair: 100 }));
  for (const [at, indices] of batches.entries()) await runner.run({ step: at + 1, indices, learningRate: 0.05 });
  const state = await runner.read();
  await runner.dispose();
  await backend.dispose();
  return state;
}

it("takes a batch of all rows in the order of the data, whatever order is asked for", async () => {
  const [first, second] = [1, 2].map((seed) => Key.fromSeed(seed).permutation(rows)) as [Int32Array, Int32Array];
  const kept = first.slice();
  expect(await stateAfter([first, second])).toEqual(await stateAfter([inOrder, inOrder]));
  expect(first).toEqual(kept);
});

it("takes rows that are drawn twice as they are drawn, beside affinities of their own", async () => {
  // As many rows as the data have, and not all of them: the last is missing.
  const twice = inOrder.map((row) => (row === rows - 1 ? 0 : row));
  expect(await stateAfter([twice])).not.toEqual(await stateAfter([inOrder]));
  // A batch of all rows before it leaves nothing behind: only the state that it moved.
  const mixed = await stateAfter([inOrder, twice, inOrder]);
  expect(mixed).not.toEqual(await stateAfter([inOrder, inOrder, inOrder]));
});
