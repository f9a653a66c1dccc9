import type { DType } from "../../arrays/dtype.js";
import type { Backend } from "../../contracts/backend.js";

export interface BackendCheckOptions {
  /** The element types of the backend; all four by default. */
  readonly dtypes?: readonly DType[];
  /**
   * Why something cannot be tested on this backend, or undefined where it can. It is asked with the title of each check, such as
   * `conv: in 3-D, float64`, and what it answers stands beside the skipped check.
   */
  readonly skip?: (title: string) => string | undefined;
  /** Multiplies every float32 tolerance: for devices whose elementary functions are rougher than a CPU's. */
  readonly float32Slack?: number;
  /** Whether to run cases of millions of elements; true by default. */
  readonly large?: boolean;
  /** Bytes that the device holds at present, where it can tell: then the memory checks watch it instead of only running. */
  readonly memory?: (backend: Backend) => number;
  /** How many drawn programs are compared with the reference; 40 by default. */
  readonly drawnPrograms?: number;
  /** Primitives that drawn programs do without, such as sums that a device makes in an order of its own. */
  readonly leftOutOfDrawnPrograms?: readonly string[];
}

/** What the parts of the suite share. */
export interface Setting {
  /** The backend under test: made by the first check that asks, disposed of by the last check of the list. */
  backend(): Promise<Backend>;
  make(): Backend | Promise<Backend>;
  readonly dtypes: readonly DType[];
  readonly options: BackendCheckOptions;
  /** Adds a check to the list. Its group is what stands before the colon of its title. */
  test(title: string, body: () => Promise<void>): void;
}
