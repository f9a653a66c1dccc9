import type { InferenceSession } from "onnxruntime-node";
import type { Provider } from "./kernel.js";

export interface SessionSettings {
  readonly provider: Provider;
  readonly threads: number;
  /** Whether the graph has convolutions. */
  readonly convolves: boolean;
  /** Writes a profile of every run to a file with this prefix. */
  readonly profile?: string | undefined;
}

/** The options of one session; the reasons are measurements on onnxruntime 1.30. */
export function sessionOptions({
  provider,
  threads,
  convolves,
  profile,
}: SessionSettings): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    // "all" only adds changes of layout, which gain nothing here.
    graphOptimizationLevel: "extended",
    // "parallel" is 1.6 to 2.4 times slower.
    executionMode: "sequential",
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Off is 1.6 to 1.9 times slower.
    enableCpuMemArena: true,
    // One block for everything: with convolutions it holds 1.05 instead of 0.63 GB.
    enableMemPattern: !convolves,
    extra: {
      // Threads that wait by spinning take the processors from whatever else runs, another session above all: with two threads on
      // two processors, one of them half busy, a training step took 55 ms spinning and 33 ms not.
      session: { intra_op: { allow_spinning: "0" } },
      // The first two transpose for the worse (fuse-matmul.ts); the third cuts all blocks of a sweep beforehand (blocks.ts).
      optimization: {
        disable_specified_optimizers: "MatmulTransposeFusion;GemmTransposeFusion;GatherSliceToSplitFusion",
      },
    },
    // Errors only: every warning that matters is an exception as well.
    logSeverityLevel: 3,
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  };
}
