// A worker that takes a pair and dies over it.
import { parentPort } from "node:worker_threads";

parentPort.on("message", ({ thread, job }) => {
  Atomics.store(job.states, thread, 1);
  Atomics.add(job.next, 0, 1);
  setTimeout(() => process.exit(3), 50);
});
parentPort.postMessage("ready");
