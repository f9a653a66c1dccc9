/** How a claimed slope compares with differences of the function. */
export type SlopeVerdict =
  | { readonly kind: "agrees" }
  /** The function is not smooth here, so that differences say nothing. */
  | { readonly kind: "kink" }
  | { readonly kind: "differs"; readonly expected: number };

/** Steps from coarse to fine: near a kink a finer one may still fit between. */
const STEPS = [1e-4, 1e-5, 1e-6];
/** A gradient that is off by 1 % is caught with room to spare; honest ones agree to some 1e−8. */
const RELATIVE = 1e-3;
/** Relative error of a value that is a sum of some hundred rounded terms in float64. */
const ROUNDING = 2 ** -47;

/**
 * Judges the claim that f has a slope at t = 0, in float64.
 *
 * Central differences at h and h/2 are extrapolated, (4·D(h/2) − D(h))/3, whose error is h⁴f⁗′/120 and rounding. Where that disagrees
 * with the claim, the claim is accused only if f is smooth here: the two central differences agree, and forward and backward
 * differences draw together as the step shrinks (at a kink they stay apart). Between two slopes of a kink every number is right.
 */
export async function judgeSlope(f: (t: number) => Promise<number>, slope: number): Promise<SlopeVerdict> {
  const centre = await f(0);
  for (const h of STEPS) {
    const [far, farther] = [await f(h), await f(-h)];
    const [near, nearer] = [await f(h / 2), await f(-h / 2)];
    const noise = (ROUNDING * Math.max(...[centre, far, farther].map(Math.abs))) / h;
    const [wide, narrow] = [(far - farther) / (2 * h), (near - nearer) / h];
    const expected = (4 * narrow - wide) / 3;
    const off = Math.abs(slope - expected);
    const tolerance = RELATIVE * Math.max(Math.abs(slope), Math.abs(expected)) + noise;
    if (off <= tolerance) return { kind: "agrees" };
    const sides = [(near - centre) / (h / 2), (centre - nearer) / (h / 2)] as const;
    const gap = Math.abs(sides[0] - sides[1]);
    const wider = Math.abs((far - centre) / h - (centre - farther) / h);
    const closing = gap <= 0.75 * wider + 8 * noise;
    if (closing && Math.abs(wide - narrow) <= 0.05 * off) return { kind: "differs", expected };
    const between = slope >= Math.min(...sides) - tolerance && slope <= Math.max(...sides) + tolerance;
    if (!closing && between) return { kind: "agrees" };
  }
  return { kind: "kink" };
}
