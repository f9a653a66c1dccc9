import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rowsOf } from "@semblance/core";
import { afterAll, describe, expect, it } from "vitest";
import { loadDataset } from "./load-dataset.js";

const folder = mkdtempSync(join(tmpdir(), "semblance-hold-out-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 20;
const table = join(folder, "table.csv");
writeFileSync(
  table,
  `id,x,class\n${Array.from({ length: ROWS }, (_, row) => `r${row},${row},${"abcd"[row % 4]}`).join("\n")}\n`,
);
const pairs = join(folder, "pairs.csv");
writeFileSync(pairs, Array.from({ length: 10 }, (_, pair) => `r${pair},r${pair + 4},${pair % 2 ? 1 : 0}`).join("\n"));
const load = (options: object, source = table) => loadDataset(source, { ids: "id", labels: "class", ...options });
const namesOf = ({ labels }: { labels?: { names: readonly string[] } }) => labels?.names;

describe("a part that is held out", () => {
  it("holds whole classes, and nothing of them is left to train on", async () => {
    const { splits, notes } = await load({ holdOut: { by: "class", classes: ["b", "d"] } });
    expect(namesOf(splits.train)).toEqual(["a", "c"]);
    expect(namesOf(splits.test!)).toEqual(["b", "d"]);
    expect([rowsOf(splits.train), rowsOf(splits.test!)]).toEqual([10, 10]);
    // Rows keep their names, features and classes.
    for (const { ids, features, labels } of [splits.train, splits.test!]) {
      ids!.forEach((id, at) => {
        const row = Number(id.slice(1));
        expect(features.data[at]).toBe(row);
        expect(labels!.names[labels!.indices[at]!]).toBe("abcd"[row % 4]);
      });
    }
    expect(notes).toContain("held out 2 of 4 classes for scoring (b, d)");
  });

  it("measures what it standardises by on the part that is trained on", async () => {
    const { splits } = await load({ holdOut: { by: "class", classes: ["d"] }, standardise: true });
    const mean = splits.train.features.data.reduce((sum, value) => sum + value, 0) / rowsOf(splits.train);
    expect(Math.abs(mean)).toBeLessThan(1e-6);
    expect(splits.test!.features.data.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(0.1);
  });

  it("draws half of the classes, or a fifth of the rows, the same ones for a seed", async () => {
    const classes = await load({ holdOut: { by: "class" } });
    expect(namesOf(classes.splits.test!)).toHaveLength(2);
    expect(namesOf((await load({ holdOut: { by: "class" } })).splits.test!)).toEqual(namesOf(classes.splits.test!));
    const of = async (seed: number) => (await load({ holdOut: { by: "row", seed } })).splits;
    const [first, again, other] = [await of(1), await of(1), await of(2)];
    expect(first.test!.ids).toHaveLength(4);
    expect([...first.test!.ids!, ...first.train.ids!].sort()).toHaveLength(ROWS);
    expect(new Set([...first.test!.ids!, ...first.train.ids!]).size).toBe(ROWS);
    expect(again.test!.ids).toEqual(first.test!.ids);
    expect(other.test!.ids).not.toEqual(first.test!.ids);
    expect(namesOf(first.test!)).toEqual(["a", "b", "c", "d"]);
  });

  it("holds pairs, with the rows that they name; the other pairs are trained on", async () => {
    const whole = (await load({ pairs })).splits.train.supervision!;
    const { train, test } = (await load({ pairs, holdOut: { by: "pair", fraction: 0.3 } })).splits;
    const named = ({ ids, supervision }: typeof train) => {
      const { rows, similarity } = supervision as Extract<typeof supervision, { form: "pairs" }>;
      return Array.from(similarity, (value, pair) => `${ids![rows[2 * pair]!]} ${ids![rows[2 * pair + 1]!]} ${value}`);
    };
    expect(named(test!)).toHaveLength(3);
    expect(rowsOf(train)).toBe(ROWS);
    expect([...named(train), ...named(test!)].sort()).toEqual(named({ ...train, supervision: whole }).sort());
  });

  it("keeps of pairs those within either part", async () => {
    const { train, test } = (await load({ pairs, holdOut: { by: "class", classes: ["a"] } })).splits;
    // Each pair is of one class, as r0 and r4.
    expect(
      [train, test!].map(
        ({ supervision }) => supervision && "similarity" in supervision && supervision.similarity.length,
      ),
    ).toEqual([7, 3]);
  });

  it("takes held-out classes of a test part where there is one", async () => {
    const { splits } = await loadDataset("builtin:digits", { holdOut: { by: "class", classes: ["7", "8", "9"] } });
    expect(namesOf(splits.train)).toHaveLength(7);
    expect(namesOf(splits.test!)).toEqual(["7", "8", "9"]);
    expect(rowsOf(splits.test!)).toBe(179 + 174 + 180);
  });

  it.each([
    ["rows beside a test part", { by: "row" }, "HOLD_OUT_CONFLICT", "builtin:digits"],
    ["pairs where there are none", { by: "pair" }, "HOLD_OUT_UNSUPERVISED", table],
    ["an unknown class", { by: "class", classes: ["e"] }, "HOLD_OUT_CLASS_UNKNOWN", table],
    ["all classes but one", { by: "class", fraction: 0.9 }, "HOLD_OUT_TOO_MUCH", table],
    ["all rows", { by: "row", fraction: 0.97 }, "HOLD_OUT_TOO_MUCH", table],
  ])("is refused for %s", async (_, holdOut, code, source) => {
    const given = source === table ? load({ holdOut }) : loadDataset(source, { holdOut } as object);
    await expect(given).rejects.toMatchObject({ code, fix: expect.any(String) });
  });

  it("is refused by class without labels", async () => {
    const given = loadDataset(table, { ids: "id", ignore: ["class"], holdOut: { by: "class" } });
    await expect(given).rejects.toMatchObject({ code: "HOLD_OUT_UNSUPERVISED" });
  });
});
