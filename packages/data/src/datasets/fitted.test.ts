import { describe, expect, it } from "vitest";
import { codeOf } from "../../test/support/expect-error.js";
import { temporaryFile } from "../../test/support/temporary-folder.js";
import { loadDataset } from "./load-dataset.js";

const training = "x,y\n1,10\n2,20\n3,60\n";

describe("data for a trained model", () => {
  it("are standardised by the training data, also a single row", async () => {
    const { splits, fitted } = await loadDataset(await temporaryFile("train.csv", training), { standardise: true });
    const row = await loadDataset(await temporaryFile("one.csv", "x,y\n3,60\n"), { fitted });
    expect([...row.splits.train.features.data]).toEqual([...splits.train.features.data].slice(4));
    const saved = JSON.parse(JSON.stringify({ min: [...fitted.standardiser!.minimum] }));
    expect(saved).toEqual({ min: [1, 10] });
  });

  it("stay as they are where the training data did", async () => {
    const { fitted } = await loadDataset(await temporaryFile("train.csv", training));
    const alike = await loadDataset(await temporaryFile("two.csv", "x,y\n7,7\n7,7\n"), { fitted });
    expect([...alike.splits.train.features.data]).toEqual([7, 7, 7, 7]);
    expect(alike.warnings).toEqual([]);
  });

  it("must have the training data's width and finite cells", async () => {
    const { fitted } = await loadDataset(await temporaryFile("train.csv", training));
    const load = async (content: string) => loadDataset(await temporaryFile("other.csv", content), { fitted });
    expect(await codeOf(() => load("x,y,z\n1,2,3\n"))).toBe("WIDTH_DIFFERS");
    expect(await codeOf(() => load("x,y\n1,NaN\n"))).toBe("CELL_NOT_A_NUMBER");
  });
});
