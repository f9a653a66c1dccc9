import type { Program } from "../program.js";
import { verify } from "../verify.js";
import { mergeCommonSubexpressions } from "./common-subexpressions.js";
import { foldConstants } from "./fold-constants.js";
import { simplify } from "./simplify.js";

export type Pass = (program: Program) => Program;

/** The passes in the order in which they run. Each also drops what no result depends on. */
export const passes: Readonly<Record<string, Pass>> = {
  simplify,
  foldConstants,
  mergeCommonSubexpressions,
  // Folding and merging uncover copies and repetitions of their own.
  simplifyAgain: simplify,
};

/** Makes a program cheaper without changing what it computes. With `check`, every pass is verified. */
export function optimise(program: Program, { check = false }: { readonly check?: boolean } = {}): Program {
  let current = program;
  for (const [name, pass] of Object.entries(passes)) {
    current = pass(current);
    if (check) verify(current, `after pass "${name}"`);
  }
  return current;
}
