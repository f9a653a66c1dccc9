import type { DType } from "../../arrays/dtype.js";
import type { Backend } from "../../contracts/backend.js";

export interface BackendSuiteOptions {
  /** The element types of the backend; all four by default. */
  readonly dtypes?: readonly DType[];
  /**
   * Why something cannot be tested on this backend, or undefined where it can. It is asked with the title of each test, such as
   * `conv: in 3-D, float64`, and what it answers is printed with the skipped test.
   */
  readonly skip?: (title: string) => string | undefined;
  /** Multiplies every float32 tolerance: for devices whose elementary functions are rougher than a CPU's. */
  readonly float32Slack?: number;
  /** Whether to run cases of millions of elements; true by default. */
  readonly large?: boolean;
}

/** What the parts of the suite share. */
export interface Setting {
  /** The backend under test; made before the first test and disposed of after the last. */
  backend(): Backend;
  make(): Backend | Promise<Backend>;
  readonly dtypes: readonly DType[];
  readonly options: BackendSuiteOptions;
  /** A test, or a skipped one that says why. */
  test(title: string, body: () => Promise<void>): void;
}
