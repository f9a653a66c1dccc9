import { createCatalogue } from "@semblance/core";
import { describeLoss } from "@semblance/core/testing";
import plugin, { volume } from "../src/index.js";

/** Rows that coincide have κ = 1 throughout; sure and balanced, they disagree in 1 − 1/K of all pairs, and PᵀP = (N/K) I. */
const balanced = { shape: [4, 2], data: [1, 0, 1, 0, 0, 1, 0, 1] };
/** All rows in one of two clusters: no pair disagrees, and det = (2 + ε) ε. */
const collapsed = { shape: [4, 2], data: [1, 0, 1, 0, 1, 0, 1, 0] };
const same = { shape: [4, 1], data: [7, 7, 7, 7] };

describeLoss(volume, {
  catalogue: createCatalogue([plugin]),
  cases: [
    {
      id: "balanced",
      kind: "loss",
      name: volume.name,
      config: {},
      inputs: { posteriors: balanced, data: same },
      expected: { value: 1 / 2 - Math.log(1.01) },
    },
    {
      id: "collapsed",
      kind: "loss",
      name: volume.name,
      config: {},
      inputs: { posteriors: collapsed, data: same },
      expected: { value: -Math.log(2.01 * 0.01) / 2 },
    },
  ],
});
