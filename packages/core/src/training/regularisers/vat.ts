import { z } from "zod";
import { sizeOf } from "../../arrays/nd-array.js";
import { defineRegulariser, type RegulariserTensors } from "../../contracts/regulariser.js";
import { ConfigError } from "../../errors.js";
import { euclideanNorm } from "../../functions/euclidean-norm.js";
import { softmax } from "../../functions/softmax.js";
import { xLogY } from "../../functions/x-log-y.js";
import { gradients } from "../../ir/grad.js";
import type { Tensor } from "../../ir/tensor.js";
import { add } from "../../ops/add.js";
import { div } from "../../ops/div.js";
import { less } from "../../ops/less.js";
import { log } from "../../ops/log.js";
import { mul } from "../../ops/mul.js";
import { reshape } from "../../ops/reshape.js";
import { stopGradient } from "../../ops/stop-gradient.js";
import { sub } from "../../ops/sub.js";
import { sum } from "../../ops/sum.js";
import { where } from "../../ops/where.js";

/** Below this a perturbed posterior counts as this inside the logarithm. */
const SMALLEST_POSTERIOR = 1e-12;
/** Added to norms that are divided by: a row whose prediction does not move keeps direction 0. */
const NORM_OFFSET = 1e-8;

const config = z.strictObject({
  xi: z
    .number()
    .positive()
    .default(10)
    .describe("ξ, the length of the step by which the worst direction is looked for, above 0"),
  epsilon: z.number().positive().default(1).describe("ε, how far each row is moved, in the units of the data, above 0"),
  powerIterations: z
    .int()
    .min(0)
    .default(1)
    .describe("how often the direction is improved, a whole number from 0; 0 moves rows at random"),
});

type VatConfig = z.infer<typeof config>;

/**
 * Virtual adversarial training: predictions must not change where each row is moved in its worst direction. Minimised.
 *
 *     d ~ U(−½, ½), each row d ← d/(‖d‖ + 10⁻⁸);   powerIterations times: d ← g/(‖g‖ + 10⁻⁸), g = ∂/∂d KL(p, f(x + ξd))
 *     L = KL(p, f(x + εd)),   KL(p, q) = (1/N) Σᵢ Σₖ pᵢₖ (log pᵢₖ − log max(qᵢₖ, 10⁻¹²)),   p = f(x) and d held constant
 *
 * Shapes   x: [n, …item]; f(x): [n, k]  →  []
 * Laws     L ≥ 0; 0 where f does not depend on x. Statistics of batch normalisation are those of the moved batch, and running
 *          statistics do not move
 * Supplies perturbed [n, k] = f(x + εd), for losses that compare with it
 * Errors   MODEL_IGNORES_DATA, POSTERIORS_MISSING
 * Source   Miyato et al., Virtual Adversarial Training, TPAMI 2019; as in Hu et al., IMSAT, ICML 2017
 */
export const vat = defineRegulariser({
  name: "vat",
  summary: "Virtual adversarial training: predictions stay where rows are moved in their worst direction.",
  formula: "(1/N) Σᵢ KL(pᵢ ‖ f(xᵢ + ε dᵢ)), d the direction of the largest change",
  source: "Miyato et al., TPAMI 2019; Hu et al., ICML 2017",
  config,
  examples: [{}, { xi: 1, epsilon: 0.1, powerIterations: 3 }, { powerIterations: 0 }],
  create({ model, shape }, settings: VatConfig) {
    if (!model.inductive) {
      throw new ConfigError("MODEL_IGNORES_DATA", `model "${model.name}" does not depend on its input`, {
        where: 'regulariser "vat"',
        fix: "Choose a model that is a function of the data, such as mlp, or leave vat out.",
      });
    }
    const perturbed = (step: RegulariserTensors) =>
      posteriorsOf(step.apply(add(step.data, mul(worstDirection(step, settings), settings.epsilon))));
    return {
      feeds: (batchSize) => {
        const noise = [batchSize, ...shape.item];
        return {
          specs: { noise: { dtype: "float", shape: noise } },
          fill: ({ key }) => ({ noise: key.uniform(sizeOf(noise), -0.5, 0.5) }),
        };
      },
      term: (step) => meanDivergence(stopGradient(posteriorsOf(step)), perturbed(step)),
      supply: (step) => ({ perturbed: perturbed(step) }),
    };
  },
});

/** d, rows of length 1 (or 0 where nothing changes the prediction), held constant. */
function worstDirection(step: RegulariserTensors, { xi, powerIterations }: VatConfig): Tensor {
  const target = stopGradient(posteriorsOf(step));
  let direction = unitRows(step.fed.noise!);
  for (let iteration = 0; iteration < powerIterations; iteration++) {
    const moved = posteriorsOf(step.apply(add(step.data, mul(direction, xi))));
    const [slope] = gradients(meanDivergence(target, moved), [direction]);
    direction = stopGradient(unitRows(slope!));
  }
  return direction;
}

/** Each row divided by its Euclidean norm over all axes but the first, plus 10⁻⁸. */
function unitRows(x: Tensor): Tensor {
  const rows = x.shape[0]!;
  const norms = euclideanNorm(reshape(x, [rows, sizeOf(x.shape.slice(1))]), { axes: [1] });
  return div(x, add(reshape(norms, [rows, ...x.shape.slice(1).map(() => 1)]), NORM_OFFSET));
}

/** (1/N) Σᵢ KL(pᵢ ‖ qᵢ) with log q clamped. */
function meanDivergence(p: Tensor, q: Tensor): Tensor {
  const crossed = mul(p, log(where(less(q, SMALLEST_POSTERIOR), SMALLEST_POSTERIOR, q)));
  return div(sum(sub(xLogY(p, p), crossed)), p.shape[0]!);
}

function posteriorsOf({ posteriors, logits }: Pick<RegulariserTensors, "posteriors" | "logits">): Tensor {
  if (posteriors) return posteriors;
  if (logits) return softmax(logits);
  throw new ConfigError("POSTERIORS_MISSING", "the model gives neither posteriors nor logits", {
    where: 'regulariser "vat"',
    fix: "Choose a model with a head, such as mlp.",
  });
}
