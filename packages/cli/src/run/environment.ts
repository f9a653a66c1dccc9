import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import type { Backend } from "@semblance/core";
import { VERSION } from "../version.js";

/** Where and when a run took place: what `environment.json` holds. */
export interface Environment {
  readonly semblance: string;
  readonly node: string;
  readonly system: string;
  readonly processor: string;
  readonly threads: number;
  readonly memoryGiB: number;
  readonly backend: { readonly name: string; readonly device: string };
  readonly startedAt: string;
  /** The rest is missing while a run goes on, and of one that was killed. */
  readonly endedAt?: string;
  readonly wallSeconds?: number;
  readonly outcome?: string;
  /** What its user should know, from the data and from training. */
  readonly warnings?: readonly string[];
  /** What it failed by: code and message. */
  readonly failure?: string;
  /** The step that this process went on from. */
  readonly resumedFromStep?: number;
  /** The folder that plugins were found from. */
  readonly jobFolder: string;
}

export function environmentOf(backend: Backend, jobFolder: string): Environment {
  return {
    semblance: VERSION,
    node: process.versions.node,
    system: `${platform()} ${release()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    threads: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    backend: { name: backend.name, device: backend.device },
    startedAt: new Date().toISOString(),
    jobFolder,
  };
}
