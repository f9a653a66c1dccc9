import type { TypedArray } from "@semblance/core";
import type { TfTensor } from "./tf-api.js";

/** An array on a device. */
export interface Handle {
  readonly tensor: TfTensor;
  /** What was uploaded, where it may be used as indices: they are looked at here, and not read back from the device. */
  readonly indices?: TypedArray;
}
