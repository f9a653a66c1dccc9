import { type MinerCheckOptions, minerChecks } from "../checks/miner-checks.js";
import type { Miner } from "../contracts/miner.js";
import { describeChecks } from "./describe-checks.js";

/** What every miner owes, as a vitest suite: see `minerChecks`. */
export function describeMiner(miner: Miner, options?: MinerCheckOptions): void {
  describeChecks(`miner ${miner.name}`, minerChecks(miner, options));
}
