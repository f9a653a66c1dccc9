import { type Backend, type Catalogue, type NdArray, takeRows } from "@semblance/core";
import { Comparer } from "@semblance/estimators";
import type { NeighbourReport } from "@semblance/eval";
import type { Space } from "../spaces/space.js";
import type { ChosenPairs } from "./choose-pairs.js";

/** How far pairs are apart in a space, those that belong together apart from those that do not. */
export async function drawDistances(
  space: Space,
  { rows, same }: ChosenPairs,
  { catalogue, backend }: { readonly catalogue: Catalogue; readonly backend: Backend },
): Promise<NonNullable<NeighbourReport["distances"]>[number]> {
  const { divergence, order, parameters, name } = space;
  const comparer = new Comparer({
    catalogue,
    backend,
    comparison: { divergence, normalise: false, order },
    weights: parameters,
  });
  const ends = [0, 1].map((end) =>
    takeRows(
      space.rows,
      rows.filter((_, at) => at % 2 === end),
    ),
  ) as [NdArray, NdArray];
  try {
    const apart = await comparer.paired(...ends);
    return {
      name,
      same: apart.filter((_, pair) => same[pair]!),
      different: apart.filter((_, pair) => !same[pair]!),
    };
  } finally {
    await comparer.dispose();
  }
}
