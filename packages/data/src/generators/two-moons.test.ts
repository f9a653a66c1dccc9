import { Key } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/expect-error.js";
import { twoMoons } from "./two-moons.js";

const key = Key.fromSeed(4);

describe("twoMoons", () => {
  it("lies on two half circles where there is no noise", () => {
    const { features, labels } = twoMoons({ key, rows: 400, noise: 0 });
    for (let row = 0; row < 400; row++) {
      const side = 2 * labels!.indices[row]! - 1;
      const [x, y] = [features.data[2 * row]! - side, features.data[2 * row + 1]! + side / 2];
      expect(Math.hypot(x, y)).toBeCloseTo(2, 5);
      expect(side * y).toBeGreaterThanOrEqual(-1e-6);
    }
    const upper = labels!.indices.reduce((sum, moon) => sum + moon, 0);
    expect(Math.abs(upper - 200)).toBeLessThan(40);
  });

  it("keeps the moons apart at the noise of the paper", () => {
    const { features, labels } = twoMoons({ key, rows: 500 });
    let closest = Number.POSITIVE_INFINITY;
    for (let a = 0; a < 500; a++) {
      for (let b = 0; b < a; b++) {
        if (labels!.indices[a] === labels!.indices[b]) continue;
        const distance = Math.hypot(
          features.data[2 * a]! - features.data[2 * b]!,
          features.data[2 * a + 1]! - features.data[2 * b + 1]!,
        );
        closest = Math.min(closest, distance);
      }
    }
    expect(closest).toBeGreaterThan(0.5);
  });

  it("is the same for the same key", () => {
    expect(twoMoons({ key, rows: 5 })).toEqual(twoMoons({ key, rows: 5 }));
  });

  it.each([{ rows: 0 }, { rows: 5, radius: 0 }, { rows: 5, noise: -1 }])("refuses %j", async (wrong) => {
    expect((await errorOf(() => twoMoons({ key, ...wrong }))).code).toBe("MOONS_INVALID");
  });
});
