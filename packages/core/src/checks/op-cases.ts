import type { OpName } from "../ops/index.js";
import { arithmeticCases } from "./op-cases/arithmetic.js";
import { convolutionsCases } from "./op-cases/convolutions.js";
import { indexingCases } from "./op-cases/indexing.js";
import { leavesCases } from "./op-cases/leaves.js";
import { logicCases } from "./op-cases/logic.js";
import { movementCases } from "./op-cases/movement.js";
import { nastyShapes } from "./op-cases/nasty-shapes.js";
import type { OpCase } from "./op-cases/op-case.js";
import { poolingCases } from "./op-cases/pooling.js";
import { productsCases } from "./op-cases/products.js";
import { reductionsCases } from "./op-cases/reductions.js";
import { roundingCases } from "./op-cases/rounding.js";
import { transcendentalCases } from "./op-cases/transcendental.js";

/** The type is closed: a primitive without cases does not compile. */
const own: { readonly [Name in OpName]: readonly OpCase[] } = {
  ...arithmeticCases,
  ...convolutionsCases,
  ...indexingCases,
  ...leavesCases,
  ...logicCases,
  ...movementCases,
  ...poolingCases,
  ...productsCases,
  ...reductionsCases,
  ...roundingCases,
  ...transcendentalCases,
};

/** Cases of every primitive, ordinary and nasty. */
export const opCases: { readonly [Name in OpName]: readonly OpCase[] } = Object.fromEntries(
  Object.entries(own).map(([name, cases]) => [name, [...cases, ...(nastyShapes[name as OpName] ?? [])]]),
) as unknown as typeof own;
