import { type DistanceCheckOptions, distanceChecks } from "../checks/distance-checks.js";
import type { Distance } from "../contracts/distance.js";
import { describeChecks } from "./describe-checks.js";

/** What every distance owes, as a vitest suite: see `distanceChecks`. */
export function describeDistance(distance: Distance, options: DistanceCheckOptions = {}): void {
  describeChecks(`distance ${distance.name}`, distanceChecks(distance, options));
}
