import {
  type ArgumentDomain,
  add,
  type Divergence,
  defineDivergence,
  gradients,
  matmul,
  matrixTranspose,
  mul,
  reshape,
  ShapeError,
  showShape,
  sub,
  sum,
  type Tensor,
} from "@semblance/core";
import { z } from "zod";

/** A convex function φ of rows, made of primitives: [n, d] → [n], each row by itself. */
export type Generator = (x: Tensor) => Tensor;

/** The divergence of φ, whose gradient is derived; by y it is differentiated twice. */
function byGenerator(phi: Generator): Pick<Divergence, "generator" | "matrix" | "paired"> {
  const generator = (x: Tensor) => requireNumberPerRow(phi(x), x);
  /** ∇φ(y) and φ(y) − ⟨y, ∇φ(y)⟩. */
  const tangent = (y: Tensor) => {
    const value = generator(y);
    const [slope] = gradients(sum(value), [y]);
    return { slope: slope!, offset: sub(value, sum(mul(y, slope!), { axes: [1] })) };
  };
  return {
    generator,
    matrix(x, y) {
      const { slope, offset } = tangent(y);
      const first = sub(reshape(generator(x), [x.shape[0]!, 1]), matmul(x, matrixTranspose(slope)));
      return sub(first, reshape(offset, [1, y.shape[0]!]));
    },
    paired(x, y) {
      const { slope, offset } = tangent(y);
      return sub(generator(x), add(offset, sum(mul(x, slope), { axes: [1] })));
    },
  };
}

function requireNumberPerRow(value: Tensor, x: Tensor): Tensor {
  if (value.rank === 1 && value.shape[0] === x.shape[0]) return value;
  throw new ShapeError("GENERATOR_SHAPE", `φ of rows ${showShape(x.shape)} is ${showShape(value.shape)}`, {
    where: "the generator of a Bregman divergence",
    fix: `Give one number for each row: [${x.shape[0]}], for instance with sum(…, { axes: [1] }).`,
  });
}

export interface BregmanDivergence {
  /** Kebab-case, perhaps with a family before a slash. */
  readonly name: string;
  readonly summary: string;
  readonly formula?: string;
  readonly source?: string;
  readonly generator: Generator;
  /** What values φ takes; the same for both arguments, real numbers by default. */
  readonly domain?: ArgumentDomain;
}

/**
 * A Bregman divergence from its generator alone, to be registered by a plugin.
 *
 *     D(x, y) = φ(x) − φ(y) − ⟨x − y, ∇φ(y)⟩
 *
 * The difference of nearly equal numbers loses digits in float32 where x is near y: a divergence that is used at small distances is
 * better written out with `defineDivergence`.
 */
export function defineBregman({ generator, domain, ...words }: BregmanDivergence): Divergence<Record<string, never>> {
  return defineDivergence({
    ...words,
    config: z.strictObject({}),
    ...(domain ? { domain: { first: domain, second: domain } } : {}),
    ...byGenerator(generator),
  } as Omit<Divergence<Record<string, never>>, "kind">);
}

const config = z.strictObject({
  generator: z
    .custom<Generator>((value) => typeof value === "function", { error: "is a function of rows, written in code" })
    .describe(
      "φ, a function of tensors [n, d] → [n] that is convex and made of primitives; it can only be given in code",
    ),
});

/**
 * The Bregman divergence of a generator that is handed over in code.
 *
 *     D(x, y) = φ(x) − φ(y) − ⟨x − y, ∇φ(y)⟩
 *
 * Shapes   x: [n, d], y: [m, d]  →  [n, m]
 * Errors   GENERATOR_SHAPE when φ does not give a number for each row
 * Source   Bregman, USSR Computational Mathematics and Mathematical Physics 7 (1967)
 */
export const custom = defineDivergence({
  name: "custom",
  summary: "Bregman divergence of a generator of your own, given in code.",
  formula: "D(x, y) = φ(x) − φ(y) − ⟨x − y, ∇φ(y)⟩",
  source: "Bregman, USSR Computational Mathematics and Mathematical Physics 7 (1967)",
  config,
  examples: [{ generator: (x: Tensor) => sum(mul(mul(x, x), mul(x, x)), { axes: [1] }) }],
  matrix: (x, y, { generator }: z.infer<typeof config>, cx) => byGenerator(generator).matrix!(x, y, undefined, cx),
  paired: (x, y, { generator }: z.infer<typeof config>, cx) => byGenerator(generator).paired!(x, y, undefined, cx),
  generator: (x, { generator }: z.infer<typeof config>, cx) => byGenerator(generator).generator!(x, undefined, cx),
});
