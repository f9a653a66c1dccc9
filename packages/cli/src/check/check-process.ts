import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ProcessEnd } from "./check-errors.js";
import { type CheckMessage, type CheckRequest, checkMessage } from "./messages.js";

const STDERR_KEPT = 16_384;
const STARTING_SECONDS = 60;
const HEAP_MEBIBYTES = 1024;

export interface CheckProcessOptions {
  /** How long the process may be silent before it is ended. */
  readonly timeLimitSeconds: number;
  readonly onMessage: (message: CheckMessage) => void;
  /** What the process writes to standard error. */
  readonly onDiagnostics?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs checks in a process of their own, until it is done or gone. What the plugin prints on standard output is dropped.
 *
 * @returns how it ended, or undefined where it was done
 */
export async function runCheckProcess(
  request: CheckRequest,
  { timeLimitSeconds, onMessage, onDiagnostics, signal }: CheckProcessOptions,
): Promise<ProcessEnd | undefined> {
  const child = fork(fileURLToPath(new URL("./worker.js", import.meta.url)), [JSON.stringify(request)], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [`--max-old-space-size=${HEAP_MEBIBYTES}`],
  });
  const end = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", end);
  const drained = once(child.stderr!, "end");
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
    onDiagnostics?.(text);
  });
  let expired = false;
  let isDone = false;
  const expire = () => {
    expired = true;
    end();
  };
  // Until its first word the process only starts, which takes as long as the machine is busy.
  let timer = setTimeout(expire, Math.max(timeLimitSeconds, STARTING_SECONDS) * 1000);
  child.on("message", (raw) => {
    const { success, data } = checkMessage.safeParse(raw);
    if (!success || isDone) return;
    clearTimeout(timer);
    timer = setTimeout(expire, timeLimitSeconds * 1000);
    if (data.type !== "done") return onMessage(data);
    isDone = true;
    end();
  });
  try {
    const [code, ended] = await gone(child);
    // What was written last may still be on its way.
    await Promise.race([drained, after(500)]);
    return isDone ? undefined : { expired, code, signal: ended, stderr };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    end();
  }
}

/** The exit status and signal of a process, once all of its messages are read. */
async function gone(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  const disconnected = once(child, "disconnect");
  const [status] = await Promise.all([once(child, "exit"), disconnected]);
  return status as [number | null, NodeJS.Signals | null];
}
