import type { PathStep, TrainingEvent } from "@semblance/core";

/** What a run tells beside what its training tells. */
export type RunEvent =
  | TrainingEvent
  | {
      readonly type: "data";
      readonly name: string;
      readonly rows: number;
      readonly testRows?: number;
      readonly features: number;
      readonly classes?: number;
      readonly device: string;
    }
  /** What is probably a mistake in the data. */
  | { readonly type: "data-warning"; readonly message: string }
  | { readonly type: "stage"; readonly message: string }
  /** A step of a regularisation path has ended. */
  | { readonly type: "path"; readonly stage: PathStep; readonly features: number };
