import { describe, expect, it } from "vitest";
import { DIGITS } from "../../test/digits.js";
import { expectSound, HOSTILE } from "../../test/expect-sound.js";
import { sampleNeighbours } from "../../test/sample-neighbours.js";
import { sampleReport } from "../../test/sample-report.js";
import { missing } from "../../test/shared.js";
import { renderReport } from "./render-report.js";
import type { NeighbourReport, ReportInput } from "./report-input.js";

const empty: ReportInput = {
  title: "A run",
  job: { task: "metric" },
  environment: {},
  summary: [],
  lossCurve: [],
  explanation: { what: "", why: "", formula: "", source: "" },
  warnings: [],
};
const render = (neighbours: NeighbourReport) => {
  const page = renderReport({ ...empty, neighbours });
  expectSound(page);
  return page;
};
const line = (count: number) => Array.from({ length: count }, (_, at) => at);

describe("what a report says of neighbours", () => {
  const absent = missing(DIGITS);
  it.skipIf(absent !== undefined)("shows neighbours before and after, without clusters", async () => {
    const { clusters, confidence, worst, confusion, projection, ...rest } = sampleReport();
    const input = { ...rest, neighbours: await sampleNeighbours(["pca"]) };
    const page = renderReport(input);
    expectSound(page);
    expect(renderReport(input)).toBe(page);
    for (const title of ["Before and after", "Distances of pairs", "Level sets", "What queries retrieve"]) {
      expect(page).toContain(`<h2>${title}</h2>`);
    }
    for (const title of ["Confidence", "Cluster sizes", "Least certain rows"]) expect(page).not.toContain(title);
    // The query, before and after.
    expect(page.match(/class="sheet"/g)).toHaveLength(3 * 4);
    expect(page).toContain("Before: features as they are; ");
    expect(page.match(/class="ink"/g)!.length).toBeGreaterThan(32);
    expect(page.match(/class="hit"/g)!.length).toBeGreaterThan(20);
    expect(page).toContain('class="miss"');
    // Pairs drawn together are told apart better.
    const numbers = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, number]) => Number(number));
    const [before, after] = numbers(
      /<figcaption>[^<]*<bdi>[^<]*<\/bdi>\. Pair AUC [\d.]+\. The threshold of the best balanced accuracy is [^:]*: ([\d.]+) %/g,
    );
    expect(after).toBeGreaterThan(before! + 5);
    const areas = numbers(/<\/bdi>\. Pair AUC ([\d.]+)\./g);
    expect(areas).toHaveLength(2);
    expect(areas[1]).toBeGreaterThan(areas[0]!);
    expect(page.length).toBeLessThan(400_000);
  });

  it("shows hostile, empty and broken neighbours", () => {
    const item = { row: 1e7, label: HOSTILE };
    const none = { x: [], y: [] };
    const nowhere = { x: [Number.NaN, 0], y: [0, Number.NaN] };
    const page = renderReport({
      ...empty,
      neighbours: {
        views: [
          { name: HOSTILE, before: none, after: none, classes: [] },
          { name: "nowhere", before: nowhere, after: { x: [1, 1], y: [2, 2] }, classes: [-3, 500] },
          {
            name: "told",
            before: { x: [0, 1], y: [0, 1], explained: [1, 0] },
            after: nowhere,
            classes: [0, 0],
            links: [{ first: 0, second: 1, same: false }],
          },
        ],
        viewsNote: HOSTILE,
        sides: { before: HOSTILE, after: HOSTILE },
        distancesNote: HOSTILE,
        sheetsNote: HOSTILE,
        curves: [
          {
            title: HOSTILE,
            xLabel: HOSTILE,
            yLabel: HOSTILE,
            x: [0, 1, 2],
            lines: [
              { name: HOSTILE, y: [Number.NaN, 1, 2] },
              { name: "none", y: [Number.NaN, Number.POSITIVE_INFINITY, Number.NaN] },
            ],
            note: HOSTILE,
          },
        ],
        distances: [
          { name: HOSTILE, same: [], different: [1] },
          { name: HOSTILE, same: [Number.NaN, 2, 2], different: [2, Number.POSITIVE_INFINITY] },
        ],
        sheets: Array.from({ length: 30 }, () => ({
          query: item,
          found: [{ ...item, distance: Number.NaN, hit: false }],
        })),
        levels: [{ title: HOSTILE, x: [0, 1], y: [0, 1], resolution: 2, values: new Float64Array(9) }],
      },
    });
    expectSound(page.replaceAll("&lt;img src=x", ""));
    expect(page).toContain("there are no pairs of the same class");
    expect(page).toContain("2 distances were not finite");
    expect(page).toContain("and 6 more");
    expectSound(renderReport({ ...empty, neighbours: {} }));
  });

  it("names classes in the picture, or by numbers where names are long", () => {
    const places = { x: line(4), y: line(4) };
    const view = { name: "PCA", before: places, after: places, classes: [0, 0, 1, 1] };
    const short = render({ views: [{ ...view, classNames: ["cat", "<dog>"] }] });
    expect(short).toMatch(/class="number-mark"[^>]*>cat</);
    expect(short).toMatch(/class="number-mark"[^>]*>&lt;dog&gt;</);
    const long = render({ views: [{ ...view, classNames: ["card_not_working", "atm"] }] });
    expect(long).toMatch(/class="number-mark"[^>]*>1</);
    expect(long).toContain("<strong>1</strong> <bdi>card_not_working</bdi>");
    // Numbers of classes beyond the legend would explain nothing.
    const count = 65;
    const apart = { x: line(count), y: line(count) };
    const classNames = line(count).map((at) => `a rather long name ${at}`);
    const many = render({ views: [{ name: "PCA", before: apart, after: apart, classes: line(count), classNames }] });
    const marks = [...many.matchAll(/class="number-mark"[^>]*>(\d+)</g)].map(([, mark]) => Number(mark));
    expect(marks.length).toBeGreaterThan(10);
    expect(Math.max(...marks)).toBeLessThanOrEqual(60);
    // One class without a name is no class.
    expect(render({ views: [{ ...view, classes: [0, 0, 0, 0] }] })).not.toContain("Class ");
  });

  it("draws a mark of its own for each of sixty classes, and says so of more", () => {
    const count = 61;
    const view = { name: "PCA", before: { x: line(count), y: line(count) }, after: { x: line(count), y: line(count) } };
    const marks = (classes: number) => {
      const page = render({ views: [{ ...view, classes: line(count).map((at) => at % classes) }] });
      const badges = [...page.matchAll(/<path class="(h\d)" d="M0 0([^"]*)"/g)].map(
        ([, hue, shape]) => `${hue}${shape}`,
      );
      return { different: new Set(badges).size, page };
    };
    expect(marks(60).different).toBe(60);
    expect(marks(60).page).not.toContain("share a mark");
    expect(marks(61).page).toContain("With more than 60 classes some share a mark.");
    expect(marks(61).page).toContain("and 1 more");
  });

  it("draws pairs that were told as lines of two kinds, over points without a class", () => {
    const places = { x: line(4), y: line(4), explained: [0.6, 0.3] };
    const links = [
      { first: 0, second: 1, same: true },
      { first: 2, second: 3, same: false },
    ];
    const page = render({ views: [{ name: "PCA", before: places, after: places, classes: [0, 0, 0, 0], links }] });
    for (const kind of ["same", "different"]) {
      // One path on each side, and one in the legend.
      expect([...page.matchAll(new RegExp(`class="link-${kind}" d="M[^"]+"`, "g"))]).toHaveLength(3);
    }
    expect(page).toContain('class="point plain"');
    expect(page).toContain("the plane of 90 % of the variance");
  });

  it("lists what a query without a picture finds, and leaves open what nobody said", () => {
    const found = [
      { row: 3, name: "three", distance: 0.5, hit: true },
      { row: 4, name: "four", distance: 1 },
      { row: 5, name: "five", distance: 2, hit: false },
    ];
    const page = render({
      sides: { before: "features by cosine", after: "embeddings by max-affine" },
      sheets: [{ query: { row: 2, name: "the query", label: "kind" }, found, before: found.slice(0, 2) }],
      sheetsNote: "Rows are in the order of D(query, row).",
    });
    expect(page).toContain("Before: features by cosine; 1 of 1 known are hits");
    expect(page).toContain("After: embeddings by max-affine; 1 of 2 known are hits");
    expect(page).toContain('<tr class="unknown"><td>–</td>');
    expect(page).toContain("D(query, row)");
    expect([...page.matchAll(/✗ miss/g)]).toHaveLength(1);
  });

  it("draws functions of one number, with gaps where they have no value", () => {
    const page = render({
      curves: [
        {
          title: "φ",
          xLabel: "the output",
          yLabel: "φ",
          x: line(5),
          lines: [{ name: "φ", y: [0, 1, Number.NaN, 9, 16] }],
          points: { x: [1, 2], classes: [0, 1] },
        },
      ],
    });
    expect(page).toContain("What was learned along a line");
    expect(page).toMatch(/class="line" d="M[^M]*M[^M]*"/);
    expect(page.match(/class="point h[01]"/g)).toHaveLength(2);
  });

  it("gives the interval of a change, and says where it does not tell", () => {
    const row = { measure: "recall", ours: 0.9, baseline: 0.8, higherIsBetter: true };
    const baseline = (low: number, high: number) =>
      renderReport({
        ...empty,
        baseline: { name: "cosine", rows: [{ ...row, interval: { low, high, level: 0.95 } }] },
      });
    expectSound(baseline(0.05, 0.15));
    expect(baseline(0.05, 0.15)).toContain(">better<");
    expect(baseline(0.05, 0.15)).toContain("+0.050 to +0.150 (95 %)");
    expect(baseline(-0.05, 0.25)).toContain("not shown to differ");
  });

  it.each([
    [
      "view PCA",
      {
        views: [
          {
            name: "PCA",
            before: { x: [1], y: [1] },
            after: { x: [1], y: [1] },
            classes: [0],
            links: [{ first: 0, second: 1, same: true }],
          },
        ],
      },
    ],
    ["curves φ", { curves: [{ title: "φ", xLabel: "", yLabel: "", x: [1, 2], lines: [{ name: "", y: [1] }] }] }],
  ] as const)("refuses arrays that do not belong together: %s", (where, neighbours) => {
    expect(() => renderReport({ ...empty, neighbours })).toThrow(
      expect.objectContaining({ code: "REPORT_INPUT_INCONSISTENT", where }),
    );
  });
});
