import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus } from "node:os";

/** The processor of this machine, as far as the system tells. */
export interface Processor {
  readonly model: string;
  /** Threads that this process may use at a time. */
  readonly threads: number;
  /** Its widest vector instructions, where they can be found out. */
  readonly simd?: string;
}

/** From the widest down, by their names in /proc/cpuinfo. */
const X86_SIMD = [
  ["avx512f", "AVX-512"],
  ["avx2", "AVX2"],
  ["avx", "AVX"],
  ["sse4_2", "SSE4.2"],
] as const;

export function processor(): Processor {
  const simd = arch() === "arm64" ? "NEON" : x86Simd();
  return {
    model: cpus()[0]?.model.trim() || "unknown processor",
    threads: availableParallelism(),
    ...(simd === undefined ? {} : { simd }),
  };
}

/** The same in words, such as `AMD EPYC, 2 threads, AVX-512`. */
export function describeProcessor({ model, threads, simd } = processor()): string {
  return [model, `${threads} thread${threads === 1 ? "" : "s"}`, ...(simd === undefined ? [] : [simd])].join(", ");
}

/** Only Linux says it in a file; elsewhere it would take a program that may not be there. */
function x86Simd(): string | undefined {
  try {
    const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.split(/\s+/));
    return X86_SIMD.find(([flag]) => flags.has(flag))?.[1];
  } catch {
    return undefined;
  }
}
