import { describe, expect, it } from "vitest";
import * as ownHostOperator from "./own-host-operator.js";
import * as ownLoss from "./own-loss.js";

describe("examples", () => {
  it("own-loss finds the blobs", async () => {
    const { score, agreement } = await ownLoss.run();
    expect(agreement).toBeGreaterThan(0.95);
    // At most (K − 1)/2 for three clusters, reached when every row is certain and the clusters are even.
    expect(score).toBeGreaterThan(0.8);
    expect(score).toBeLessThanOrEqual(1);
  });

  it("own-host-operator differentiates through the median", async () => {
    // Σ (x − 2)² at 1, 5, 2: value 1 + 9; the median's own share of the gradient is −2·Σ(x − 2) = −4.
    expect(await ownHostOperator.run()).toEqual({ value: 10, gradient: [-2, 6, -4] });
  });
});
