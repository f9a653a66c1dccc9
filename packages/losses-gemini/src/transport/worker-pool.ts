import { BackendError } from "@semblance/core";
import { type NodeWorker, nodeThreads } from "./node-threads.js";
import { type TransportFailure, type TransportJob, WORKING, workOn } from "./transport-job.js";

interface Pending {
  resolve(failure: TransportFailure | undefined): void;
  reject(error: Error): void;
}

interface Member {
  readonly worker: NodeWorker;
  readonly pending: Map<number, Pending>;
  ready: boolean;
}

/**
 * Worker threads that help the calling thread with jobs. They are started when first needed, kept for the next job, and do not keep the
 * process alive while they have nothing to do.
 *
 * Where none can be had (a browser, a bundle without the worker's file) the calling thread does everything itself: the results are the
 * same, bit for bit, whoever solves a problem.
 */
export class WorkerPool {
  readonly #members: Member[] = [];
  #available = nodeThreads() !== undefined;
  #id = 0;

  /** @param url the worker's module */
  constructor(private readonly url: object | undefined) {}

  get available(): boolean {
    return this.#available && this.url !== undefined;
  }

  /**
   * Solves all pairs of a job with `helpers` workers beside the calling thread, which has no event loop meanwhile.
   *
   * @param job with states for helpers + 1 threads
   * @throws BackendError TRANSPORT_WORKER_CRASHED
   */
  async solve(job: TransportJob, helpers: number): Promise<readonly TransportFailure[]> {
    const id = this.#id++;
    const members = this.#atLeast(helpers);
    const answers = members.map((member, at) => ask(member, { id, thread: at + 1, job }));
    const failures = [workOn(job, 0)];
    // Nothing is left to take. A worker that is not working has either finished, or not begun and will find nothing.
    for (const [at, member] of members.entries()) {
      if (Atomics.load(job.states, at + 1) !== WORKING) continue;
      member.worker.ref();
      try {
        failures.push(await answers[at]);
      } finally {
        member.worker.unref();
      }
    }
    return failures.filter((failure) => failure !== undefined);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#members.splice(0).map(({ worker }) => worker.terminate()));
  }

  #atLeast(count: number): Member[] {
    while (this.available && this.#members.length < count) this.#members.push(this.#start());
    return this.#members.slice(0, count);
  }

  #start(): Member {
    const worker = new (nodeThreads()!.Worker)(this.url!, { execArgv: [] });
    const member: Member = { worker, pending: new Map(), ready: false };
    worker.on("message", (message) => {
      if (message === "ready") {
        member.ready = true;
        return;
      }
      const { id, failure } = message as { id: number; failure: TransportFailure | undefined };
      member.pending.get(id)?.resolve(failure);
      member.pending.delete(id);
    });
    worker.on("error", (cause) => this.#lose(member, cause));
    worker.on("exit", (code) => this.#lose(member, new Error(`it exited with status ${code}`)));
    worker.unref();
    return member;
  }

  #lose(member: Member, cause: unknown): void {
    const at = this.#members.indexOf(member);
    if (at >= 0) this.#members.splice(at, 1);
    // A worker that could not be loaded has taken nothing: the others do its work, and none is started again.
    if (!member.ready) this.#available = false;
    for (const { resolve, reject } of member.pending.values()) {
      if (member.ready) reject(crashed(cause));
      else resolve(undefined);
    }
    member.pending.clear();
  }
}

function ask({ worker, pending }: Member, request: { id: number; thread: number; job: TransportJob }) {
  const answer = new Promise<TransportFailure | undefined>((resolve, reject) => {
    pending.set(request.id, { resolve, reject });
  });
  // Nobody may be waiting any more when a worker dies.
  answer.catch(() => {});
  worker.postMessage(request);
  return answer;
}

const crashed = (cause: unknown) =>
  new BackendError(
    "TRANSPORT_WORKER_CRASHED",
    `a worker thread died: ${cause instanceof Error ? cause.message : cause}`,
    {
      where: "optimal transport",
      fix: "Try fewer threads; if memory ran out, smaller batches.",
      cause,
    },
  );
