import type { ScoredEpoch } from "./select-epoch.js";

/** What a run tells while it goes on. */
export type TrainingEvent =
  | { readonly type: "start"; readonly step: number; readonly totalSteps: number; readonly resumed: boolean }
  | {
      readonly type: "step";
      readonly step: number;
      readonly totalSteps: number;
      readonly epoch: number;
      readonly loss: number;
    }
  | {
      readonly type: "epoch";
      readonly epoch: number;
      readonly step: number;
      readonly loss: number;
      /** Mean value of each regulariser over the epoch, before its weight. */
      readonly terms?: Readonly<Record<string, number>>;
      /** Means over the epoch of what the loss and its divergence tell: one number, or one for each output. */
      readonly monitors?: Readonly<Record<string, readonly number[]>>;
    }
  | {
      readonly type: "evaluation";
      readonly epoch: number;
      readonly step: number;
      readonly values: Readonly<Record<string, number>>;
    }
  /** An epoch was scored on held-out rows; `best` where it is the best so far. */
  | ({ readonly type: "validation"; readonly name: string; readonly best: boolean } & ScoredEpoch)
  /** The epoch whose weights the run ends with. */
  | ({ readonly type: "selected"; readonly name: string } & ScoredEpoch)
  | { readonly type: "checkpoint"; readonly step: number; readonly location: string }
  /** What was decided on the way, and why. */
  | { readonly type: "note"; readonly message: string }
  | { readonly type: "warning"; readonly code: WarningCode; readonly step: number; readonly message: string }
  | { readonly type: "finish"; readonly step: number; readonly reason: FinishReason };

export type WarningCode =
  | "COLLAPSED"
  | "DEAD_CLUSTERS"
  | "DATA"
  | "NOTHING_TO_COMPARE"
  | "EMBEDDINGS_COLLAPSED"
  | "DRAWN_FROM_ALL"
  | "INACTIVE_OUTPUTS";
export type FinishReason = "completed" | "stopped-early" | "interrupted";

export type TrainingListener = (event: TrainingEvent) => void;
