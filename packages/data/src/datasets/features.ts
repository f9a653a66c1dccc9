import type { Shape } from "@semblance/core";
import type { Numbers } from "../tables/table.js";

/** Rows of numbers on their way to a `Dataset`: chosen, not yet checked, scaled or rounded to float32. */
export interface Features {
  readonly name: string;
  /** [rows, …item] */
  readonly shape: Shape;
  readonly values: Numbers;
  readonly columns?: readonly string[];
  readonly image?: { readonly height: number; readonly width: number; readonly ink: number };
  /** How messages name value `offset` of row `row`. */
  readonly whereIs: (row: number, offset: number) => string;
}
