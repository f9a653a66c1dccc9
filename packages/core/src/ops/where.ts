import { bind, defineOp } from "../ir/define-op.js";
import { type Operand, pair } from "../ir/operands.js";
import { ANY, BOOL, broadcastShapes, requireDType, requireSameDType } from "../ir/rules.js";
import type { Tensor } from "../ir/tensor.js";

export const whereOp = defineOp("where", {
  infer: ([condition, a, b]) => {
    requireDType("where", condition!, BOOL);
    requireDType("where", a!, ANY, 1);
    requireSameDType("where", [a!, b!]);
    return { shape: broadcastShapes("where", [condition!.shape, a!.shape, b!.shape]), dtype: a!.dtype };
  },
  vjp: ({ inputs: [condition], dy }) => [null, where(condition!, dy, 0), where(condition!, 0, dy)],
});

/**
 * Elementwise selection with broadcasting: a where the condition holds, b elsewhere. Cotangents go to the selected side only; a
 * derivative that is infinite on the other side must be kept out by selecting safe inputs first.
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  return bind(whereOp, [condition, ...pair("where", a, b)], null);
}
