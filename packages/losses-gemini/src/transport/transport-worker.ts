import { nodeThreads } from "./node-threads.js";
import { type TransportJob, workOn } from "./transport-job.js";

/** What a worker is sent, and what it answers; it says "ready" once it has been loaded. */
export interface WorkerRequest {
  readonly id: number;
  readonly thread: number;
  readonly job: TransportJob;
}

const port = nodeThreads()?.parentPort;
port?.on("message", (message) => {
  const { id, thread, job } = message as WorkerRequest;
  port.postMessage({ id, failure: workOn(job, thread) });
});
port?.postMessage("ready");
