/** The soft hinge log(1 + eᶻ) of a number, with its slope σ(z) and its curvature σ(z)(1 − σ(z)): no overflow, no lost tail. */
export function softHinge(z: number): { readonly term: number; readonly slope: number; readonly curvature: number } {
  const decay = Math.exp(-Math.abs(z));
  const larger = 1 / (1 + decay);
  return {
    term: Math.max(z, 0) + Math.log1p(decay),
    slope: z > 0 ? larger : decay * larger,
    curvature: decay * larger * larger,
  };
}
