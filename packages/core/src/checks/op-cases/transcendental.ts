import { cos } from "../../ops/cos.js";
import { erf } from "../../ops/erf.js";
import { exp } from "../../ops/exp.js";
import { log } from "../../ops/log.js";
import { relu } from "../../ops/relu.js";
import { sigmoid } from "../../ops/sigmoid.js";
import { sin } from "../../ops/sin.js";
import { sqrt } from "../../ops/sqrt.js";
import { tanh } from "../../ops/tanh.js";
import { awayFromZero, normal, uniform, values } from "./draw.js";
import { EXACT, opCase, type Tolerance } from "./op-case.js";
import { unaryCases } from "./unary-cases.js";

const positive = (...shape: number[]) => uniform(0.2, 3, ...shape);

/** Float32 kernels for these are polynomials good to some units in the last place, not to one. */
const APPROXIMATED: Tolerance = { float32: 5e-6, float64: 1e-12 };

export const transcendentalCases = {
  exp: [
    ...unaryCases(exp, normal),
    opCase("of the very large and small", [values([6], [-1e30, -80, 88, 0, -0, 1e-30])], exp, {
      tolerance: APPROXIMATED,
    }),
    opCase("that overflows", [values([3], [1e30, Infinity, -Infinity])], exp),
    opCase("of small numbers, relatively", [values([3], [-20, -50, -80])], exp, {
      relative: true,
      tolerance: { float32: 2e-5, float64: 1e-12 },
    }),
  ],
  log: [
    ...unaryCases(log, positive),
    opCase("of 1e±30", [values([4], [1e30, 1e-30, 1, Infinity])], log),
    opCase("at and below 0", [values([3], [0, -0, -1])], log),
  ],
  sqrt: [
    ...unaryCases(sqrt, positive),
    opCase("of 1e±30", [values([2], [1e30, 1e-30])], sqrt, { relative: true }),
    opCase("at and below 0", [values([4], [0, -0, -1, Infinity])], sqrt),
  ],
  sin: [
    ...unaryCases(sin, normal),
    opCase("of some turns", [values([4], [100, -100, 0, 1e-30])], sin, { tolerance: APPROXIMATED }),
  ],
  cos: [
    ...unaryCases(cos, normal),
    opCase("of some turns", [values([4], [100, -100, 0, 1e-30])], cos, { tolerance: APPROXIMATED }),
  ],
  tanh: [
    ...unaryCases(tanh, normal, { tolerance: APPROXIMATED }),
    opCase("in its tails", [values([6], [1e30, -1e30, 20, -20, Infinity, -Infinity])], tanh),
    opCase("near 0, relatively", [values([3], [1e-30, -1e-6, 1e-4])], tanh, {
      relative: true,
      tolerance: APPROXIMATED,
    }),
  ],
  sigmoid: [
    ...unaryCases(sigmoid, normal),
    opCase("in its tails", [values([6], [1e30, -1e30, 40, -40, Infinity, -Infinity])], sigmoid),
  ],
  erf: [
    ...unaryCases(erf, normal, { tolerance: APPROXIMATED }),
    opCase("in its tails", [values([6], [1e30, -1e30, 4, -4, 2.5, 6])], erf),
    opCase("near 0, relatively", [values([3], [1e-30, -1e-6, 1e-3])], erf, { relative: true, tolerance: APPROXIMATED }),
  ],
  relu: [
    ...unaryCases(relu, awayFromZero, { tolerance: EXACT }),
    opCase("at the corner and far out", [values([6], [0, -0, 1e-30, -1e-30, 1e30, -Infinity])], relu, {
      tolerance: EXACT,
    }),
  ],
} as const;
