import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineDivergence, definePlugin, Key, pairwiseSquaredDistances } from "@semblance/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { jobFrom, resolveJob, runJob } from "../src/index.js";
import { apartPlugin } from "./metric-loss.js";
import { errorIn, run } from "./support/run.js";

const folder = mkdtempSync(join(tmpdir(), "semblance-reports-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Its φ is no number for each row. */
const oddPlugin = definePlugin({
  name: "test-odd",
  version: "1.0.0",
  core: "*",
  register: (registry) =>
    registry.add(
      defineDivergence({
        name: "test/odd",
        summary: "squared Euclidean distance with a generator of the wrong shape, for tests",
        config: z.strictObject({}),
        matrix: (x, y) => pairwiseSquaredDistances(x, y),
        generator: (x) => x,
      }),
    ),
});

const ROWS = 90;
const CLASSES = ["<ant>", "bee", "cat", "dog", "eel", "fox"];
/** A hostile name that a row of a CSV file can have. */
const nameOf = (row: number) => `</title><script>${row}`;
const noise = Key.fromSeed(5).normal(3 * ROWS);
beforeAll(() => {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const angle = ((row % 6) * Math.PI) / 3;
    const at = (column: number) => noise[3 * row + column]!;
    return `${nameOf(row)},${Math.cos(angle) + 0.1 * at(0)},${Math.sin(angle) + 0.1 * at(1)},${3 * at(2)},${CLASSES[row % 6]}`;
  });
  writeFileSync(join(folder, "table.csv"), `id,x,y,noise,class\n${rows.join("\n")}\n`);
  writeFileSync(
    join(folder, "plane.csv"),
    `id,x,y,class\n${rows.map((row) => row.replace(/,[^,]*(,[^,]*)$/, "$1")).join("\n")}\n`,
  );
  const pairs = Array.from(
    { length: 80 },
    (_, at) => `${nameOf(at)},${nameOf(at % 2 ? (at + 6) % ROWS : at + 1)},${at % 2}`,
  );
  writeFileSync(join(folder, "pairs.csv"), `a,b,same\n${pairs.join("\n")}\n`);
});

const SECTIONS = ["Before and after", "Distances of pairs", "Level sets", "What queries retrieve"];
const sectionsOf = (page: string) => SECTIONS.filter((title) => page.includes(`<h2>${title}</h2>`));
const reportOf = (name: string) => readFileSync(join(folder, name, "report.html"), "utf8");

async function trained(name: string, more: object): Promise<string> {
  const job = {
    task: "metric",
    data: { source: "table.csv", ids: "id", labels: "class" },
    model: { name: "mlp", hidden: [8] },
    loss: "test/apart",
    embedding: { width: 3 },
    optimizer: { learningRate: 0.01 },
    epochs: 10,
    backend: "reference",
    ...more,
  };
  const resolved = await resolveJob(jobFrom(job, { name: "job", folder }), [apartPlugin, oddPlugin]);
  await runJob({ resolved, folder: join(folder, name) });
  const page = reportOf(name);
  // Nothing that came from the file stands in the page as it is, and nothing is loaded or run.
  expect(page).not.toMatch(/<script|<ant>|\b(?:src|href)\s*=|https?:/);
  expect(page).not.toMatch(/NaN|undefined|\[object/);
  return page;
}

describe("the report of a metric job", () => {
  it("shows classes that were held out, before and after, with hits and misses by name", async () => {
    const holdOut = { by: "class", classes: ["<ant>", "bee", "cat"] };
    const page = await trained("held-out", { data: { source: "table.csv", ids: "id", labels: "class", holdOut } });
    expect(sectionsOf(page)).toEqual(["Before and after", "Distances of pairs", "What queries retrieve"]);
    expect(page).not.toContain("<h2>Projection</h2>");
    expect(page).toContain("PCA</bdi> of the same 45 rows");
    for (const name of ["&lt;ant&gt;", "bee", "cat"])
      expect(page).toMatch(new RegExp(`class="number-mark"[^>]*>${name}<`));
    expect(page).toContain("Before: features by euclidean");
    expect(page).toContain("After: embeddings by squared-euclidean");
    const areas = [...page.matchAll(/<\/bdi>\. Pair AUC ([\d.]+)\. /g)].map(([, area]) => Number(area));
    expect(areas).toHaveLength(2);
    expect(areas[1]).toBeGreaterThan(areas[0]!);
    expect(page).toContain("✓ hit");
    expect(page).toMatch(/<bdi>&lt;\/title&gt;&lt;script&gt;\d+<\/bdi>/);
    // Clusters are of Euclidean k-means whatever the divergence is, and the report says so.
    expect(page).toContain("of k-means by Euclidean distance");
  });

  it("draws φ and both divergences over two outputs and over two features, in the order of the loss", async () => {
    const data = { source: "plane.csv", ids: "id", labels: "class" };
    const embedding = { width: 2, activation: "none" };
    const page = await trained("plane", {
      data,
      embedding,
      loss: { name: "test/apart", divergence: "max-affine" },
      warmup: false,
    });
    expect(sectionsOf(page)).toEqual(SECTIONS);
    for (const what of ["φ", "D(row, cross)", "D(cross, row)"]) {
      for (const over of ["outputs", "features"]) expect(page).toContain(`${what}, over the ${over}</bdi>: `);
    }
    expect(page).toContain("output 1");
    expect(page).toContain("rows are in the order of D(query, row)");
  });

  it("draws φ along a single output, inside its domain", async () => {
    const loss = { name: "test/apart", divergence: "itakura-saito" };
    const page = await trained("line", { embedding: { width: 1 }, loss });
    expect(page).toContain("<h2>What was learned along a line</h2>");
    expect(page).not.toContain("the report leaves out");
  });

  it("draws φ along each of several outputs, where it is not the square", async () => {
    const loss = { name: "test/apart", divergence: "mahalanobis" };
    const page = await trained("slices", { loss, embedding: { width: 4, activation: "none" } });
    expect(page).toContain("φ along each output, the others at their means");
    expect(page.match(/class="curve h\d"/g)!.length).toBeGreaterThanOrEqual(4);
    expect(reportOf("held-out")).not.toContain("φ along");
  });

  it("shows pairs as lines where nothing else is known, and judges only what was said", async () => {
    const data = {
      source: "table.csv",
      ids: "id",
      ignore: ["class"],
      pairs: "pairs.csv",
      holdOut: { by: "pair", fraction: 0.5 },
    };
    const page = await trained("pairs", { data, sampler: { name: "pairs", pairs: 16 } });
    expect(sectionsOf(page)).toEqual(["Before and after", "Distances of pairs", "What queries retrieve"]);
    expect(page).toContain("Shown are pairs that the data tell of: ");
    expect(page).toContain('class="link-same"');
    expect(page).toContain('<tr class="unknown">');
  });

  it("leaves out what cannot be drawn, and says why", async () => {
    const loss = { name: "test/apart", divergence: "test/odd" };
    const page = await trained("odd", { loss, embedding: { width: 2 } });
    expect(page).toContain("the report leaves out level sets: ");
    expect(sectionsOf(page)).toEqual(["Before and after", "Distances of pairs", "What queries retrieve"]);
  });

  it("has little to say of a single row", async () => {
    const holdOut = { by: "row", fraction: 0.012 };
    const page = await trained("single", { data: { source: "table.csv", ids: "id", labels: "class", holdOut } });
    expect(sectionsOf(page)).toEqual(["Before and after"]);
    expect(page).toContain("of the same row, before and after");
  });

  it("shows rows as pictures where they are some", async () => {
    const page = await trained("digits", {
      data: { source: "builtin:digits", labels: "label" },
      backend: "ort",
      epochs: 1,
    });
    expect(page.match(/class="ink"/g)!.length).toBeGreaterThan(60);
    expect(page).toContain("Looked among are all 1,797 rows");
    expect(page.length).toBeLessThan(1_000_000);
  });
});

describe("the report of semblance tune", () => {
  const QUICK = ["--ids", "id", "--backend", "reference", "--epochs", "5", "--quiet"];

  it("has the scores with their intervals, and is written again to the same bytes", async () => {
    const out = join(folder, "tuned");
    expect((await run("tune", join(folder, "table.csv"), "--labels", "class", "--out", out, ...QUICK)).status).toBe(0);
    const page = reportOf("tuned");
    expect(sectionsOf(page)).toEqual(["Before and after", "Distances of pairs", "What queries retrieve"]);
    const { against } = JSON.parse(readFileSync(join(out, "tuning.json"), "utf8"));
    expect(page).toContain(`Against <bdi>${against.name}</bdi>`);
    expect(page).toContain("(95 %)");
    expect(page).toContain(`Before: features by ${against.name}`);
    expect(page).not.toContain("<script");
    expect((await run("report", out)).status).toBe(0);
    expect(reportOf("tuned")).toBe(page);
  });

  it("draws t-SNE and UMAP where they are asked for, and knows no other", async () => {
    const out = join(folder, "tuned");
    expect((await run("report", out, "--projections", "umap, t-sne")).status).toBe(0);
    const page = reportOf("tuned");
    expect(page).toContain("<bdi>t-SNE</bdi> of the same");
    expect(page).toContain("<bdi>UMAP</bdi> of the same");
    expect(page).not.toContain("<bdi>PCA</bdi>");
    const refused = await run("report", out, "--projections", "pca,tsne");
    expect({ status: refused.status, error: errorIn(refused) }).toMatchObject({
      status: 2,
      error: { code: "OPTION_INVALID", message: '"tsne" is no way to draw rows in the plane' },
    });
  });

  it("shows the pairs that were held out", async () => {
    const out = join(folder, "by-pairs");
    const args = ["--pairs", join(folder, "pairs.csv"), "--out", out, "--set", "data.ignore=[class]", ...QUICK];
    const ran = await run("tune", join(folder, "table.csv"), ...args);
    expect({ status: ran.status, error: errorIn(ran) }).toEqual({ status: 0, error: undefined });
    const page = reportOf("by-pairs");
    expect(page).toContain("pair AUC");
    expect(page).toContain("Shown are pairs that the data tell of: ");
  });
});
