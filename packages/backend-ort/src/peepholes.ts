import type { Peephole } from "./lower.js";

/** Patterns that are cheaper together than apart, in the order in which they are tried. */
export const peepholes: readonly Peephole[] = [];
