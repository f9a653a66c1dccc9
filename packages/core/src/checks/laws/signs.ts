import type { LossLaw } from "../../contracts/loss-law.js";

const ROUNDING = 1e-12;

/** The minimised value is 0 or more. */
export const nonNegative: LossLaw = {
  name: "non-negative",
  async check({ evaluate }) {
    const { value } = await evaluate();
    return value >= -ROUNDING ? undefined : `the value is ${value}, below 0`;
  },
};

/** The minimised value is 0 or less: an objective that is maximised and 0 or more, with its sign turned. */
export const nonPositive: LossLaw = {
  name: "non-positive",
  async check({ evaluate }) {
    const { value } = await evaluate();
    return value <= ROUNDING ? undefined : `the value is ${value}, above 0`;
  },
};
