import type { KernelCall } from "../kernel.js";
import type { Value } from "../onnx/graph-builder.js";
import { arithmetic } from "./arithmetic.js";
import { convert } from "./convert.js";

/**
 * The error function. onnxruntime's own has float32 only; in float64 it is composed of the four rational approximations of fdlibm,
 * each evaluated everywhere and then selected, below one unit in the last place.
 *
 *     |x| < 0.84375   x + x·P(x²)/Q(x²)
 *     |x| < 1.25      ±(c + P(|x| − 1)/Q(|x| − 1))
 *     |x| < 6         ±(1 − exp(−z² − 0.5625)·exp((z − |x|)(z + |x|) + R(1/x²)/S(1/x²))/|x|), z being |x| in float32
 *     else            ±1
 *
 * Source   fdlibm, s_erf.c (Sun Microsystems, 1993)
 */
export function erf({ graph, inputs, to }: KernelCall<null>): Value {
  const x = inputs[0]!;
  if (to.dtype === "float32") return graph.node("Erf", [x], to);
  const { abs, exp, neg, sign, add, sub, mul, div, max, less, greaterOrEqual, select } = arithmetic(graph, to);
  const polynomial = (at: Value, coefficients: readonly number[]): Value => {
    const [last, ...lower] = [...coefficients].reverse();
    return lower.reduce<Value | number>((sum, c) => add(mul(sum, at), c), last!) as Value;
  };
  const ratio = (at: Value, { numerator, denominator }: Rational) =>
    div(polynomial(at, numerator), polynomial(at, denominator));

  const size = abs(x);
  const small = add(x, mul(x, ratio(mul(x, x), NEAR_ZERO)));
  const middle = add(ratio(sub(size, 1), NEAR_ONE), OFFSET);

  const large = max(size, 1); // Smaller ones are not selected here, and must not divide by 0.
  const inverse = div(1, mul(large, large));
  const tail = (approximation: Rational) => {
    const z = convert(graph, convert(graph, large, "float32"), "float64");
    const power = add(mul(sub(z, large), add(z, large)), ratio(inverse, approximation));
    return sub(1, div(mul(exp(sub(neg(mul(z, z)), 0.5625)), exp(power)), large));
  };
  const outer = select(less(size, 1 / 0.35), tail(TAIL), select(less(size, 6), tail(FAR_TAIL), 1));
  const signed = mul(sign(x), select(less(size, 1.25), middle, outer));
  // A NaN fails every comparison, and so comes out of the branch for small x, which keeps it.
  return select(greaterOrEqual(size, 0.84375), signed, small);
}

interface Rational {
  readonly numerator: readonly number[];
  readonly denominator: readonly number[];
}

const OFFSET = 0.8450629115104675;

const NEAR_ZERO: Rational = {
  numerator: [
    0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-5,
  ],
  denominator: [
    1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164, -3.960228278775368e-6,
  ],
};
const NEAR_ONE: Rational = {
  numerator: [
    -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668,
    0.035478304325618236, -0.002166375594868791,
  ],
  denominator: [
    1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
    0.011984499846799107,
  ],
};
const TAIL: Rational = {
  numerator: [
    -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
    -184.60509290671104, -81.2874355063066, -9.814329344169145,
  ],
  denominator: [
    1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
    108.63500554177944, 6.570249770319282, -0.0604244152148581,
  ],
};
const FAR_TAIL: Rational = {
  numerator: [
    -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
    -1025.0951316110772, -483.5191916086514,
  ],
  denominator: [
    1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
    474.52854120695537, -22.44095244658582,
  ],
};
