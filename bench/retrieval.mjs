/**
 * The nearest rows of every row among all others, exact, squared Euclidean distance, beside faiss-cpu's IndexFlatL2; then Recall@1,
 * R-precision and MAP@R of all rows, beside pytorch-metric-learning's AccuracyCalculator (which uses faiss). Synthetic classes of 60 rows,
 * 512 numbers each, float32; the same file, the same threads, contestants taking turns, the best turn of each by the wall's clock and by
 * processor time. Neighbours are compared: the share of rows of both answers that agree.
 *
 * Run alone: node bench/retrieval.mjs --peers [--rows=10000] [--rounds=3] [--threads=2] [--full] [--only=59]. `--full` is 60,000 rows, `--only` runs
 * what has the given words in its name. The Python with the peers is `python3`, or what SEMBLANCE_PYTHON names.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { ortBackend } from "@semblance/backend-ort";
import { createCatalogue, Key, ndarray } from "@semblance/core";
import { evaluateRetrieval, nearestRows } from "@semblance/eval";
import { bregmanPlugin } from "@semblance/losses-bregman";
import { processorNow } from "./support/clock.mjs";
import { pythonPeer } from "./support/python-peer.mjs";
import { runAlone } from "./support/run-alone.mjs";

const WIDTH = 512;
const CLASS = 60;
const MEMORY = 320 * 2 ** 20;

/** Classes about centres that lie as far apart as their members, so that scores are neither 0 nor 1. */
function drawRows(rows) {
  const noise = Key.fromSeed(5).normal(1 << 20);
  const data = new Float32Array(rows * WIDTH);
  const labels = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / CLASS));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < WIDTH; column++) {
      const own = noise[(row * WIDTH + column + 977 * (row % 1009)) % noise.length];
      data[row * WIDTH + column] = own + 0.35 * noise[(labels[row] * 7919 + column * 31) % noise.length];
    }
  }
  return { x: ndarray("float32", [rows, WIDTH], data), labels };
}

async function timed(work) {
  const before = processorNow();
  const start = performance.now();
  const result = await work();
  return { result, ms: performance.now() - start, processorMs: processorNow() - before };
}

const least = (turns, clock) => Math.min(...turns.map((turn) => turn[clock]));

/**
 * The rows of the benchmark table.
 *
 * @param {{ peers?: boolean, rows?: number, rounds?: number, threads?: number, only?: string }} [options]
 */
export async function rows({
  peers = false,
  rows: count = 10_000,
  rounds = 3,
  threads = availableParallelism(),
  only = "",
} = {}) {
  const { x, labels } = drawRows(count);
  const folder = await mkdtemp(join(tmpdir(), "retrieval-"));
  const file = join(folder, "rows.f32");
  await writeFile(file, new Uint8Array(x.data.buffer));
  const python = peers
    ? pythonPeer("retrieval.py", {
        needs: "faiss-cpu and pytorch-metric-learning",
        arguments: [file, count, WIDTH, CLASS, threads],
      })
    : undefined;
  const backend = await ortBackend({ threads });
  const search = {
    backend,
    catalogue: createCatalogue([bregmanPlugin]),
    divergence: "squared-euclidean",
    memoryLimit: MEMORY,
  };
  const measures = ["precision-at-1", "r-precision", "map-at-r"];
  const contests = [
    ["nearest 10", "faiss", { what: "search", k: 10 }, () => nearestRows({ ...search, queries: x, k: 10 })],
    [
      `nearest ${CLASS - 1}`,
      "faiss",
      { what: "search", k: CLASS - 1 },
      () => nearestRows({ ...search, queries: x, k: CLASS - 1 }),
    ],
    [
      "P@1, R-precision, MAP@R",
      "PML",
      { what: "measures" },
      () => evaluateRetrieval({ ...search, embeddings: x, labels, measures }),
    ],
  ];
  const table = [];
  try {
    for (const [what, name, request, ours] of contests.filter(([title]) => title.includes(only))) {
      const turns = { ours: [], peer: [] };
      let agreement;
      for (let round = 0; round < rounds; round++) {
        const turn = await timed(ours);
        turns.ours.push(turn);
        if (!python) continue;
        const answer = await python.ask(request);
        turns.peer.push(answer);
        agreement =
          request.what === "search"
            ? sameRows(turn.result.indices.data, answer.indices)
            : differences(turn.result, answer);
      }
      for (const clock of ["ms", "processorMs"]) {
        const title = `retrieval, ${count} × ${WIDTH}, ${what}, ${threads} threads${clock === "ms" ? "" : ", processor time"}`;
        const ms = least(turns.ours, clock);
        if (!python) table.push({ name: title, ms });
        else {
          const peerMs = least(turns.peer, clock);
          table.push({ name: title, peer: name, ms, peerMs, ratio: ms / peerMs, target: 1 });
        }
      }
      const memory = Math.round(process.resourceUsage().maxRSS / 1000);
      console.error(`${what}: ${agreement ?? "no peer"}; this process took at most ${memory} MB`);
    }
  } finally {
    python?.dispose();
    await backend.dispose();
    await rm(folder, { recursive: true });
  }
  return table;
}

/** How many places of the two answers name the same row. */
function sameRows(ours, file) {
  const same = ours.reduce((sum, row, at) => sum + (row === file[at] ? 1 : 0), 0);
  return `${same} of ${ours.length} places agree`;
}

function differences(ours, { values }) {
  return ours.map(({ name, value }, at) => `${name} ${value.toFixed(6)} and ${values[at].toFixed(6)}`).join(", ");
}

await runAlone(import.meta.url, ({ full, ...options }) => rows({ ...(full ? { rows: 60_000 } : {}), ...options }), {
  rows: "number",
  rounds: "number",
  threads: "number",
  only: "text",
  full: "flag",
});
