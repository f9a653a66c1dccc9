import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Key } from "@semblance/core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { beforeAll, describe, expect, it } from "vitest";
import { errorIn, run, temporaryFile, temporaryFolder } from "./support/run.js";

const CLASSES = 10;
const EACH = 8;
const ROWS = CLASSES * EACH;
/** Four columns that tell classes apart, and two that are louder and say nothing. */
const centres = Key.fromSeed(1).normal(CLASSES * 4);
const noise = Key.fromSeed(2).normal(ROWS * 6);
const classOf = (row: number) => row % CLASSES;
const vectors = Array.from({ length: ROWS }, (_, row) =>
  Array.from({ length: 6 }, (_, column) =>
    column < 4 ? centres[4 * classOf(row) + column]! + 0.2 * noise[6 * row + column]! : 2 * noise[6 * row + column]!,
  ),
);
const csv = (rows: readonly (readonly number[])[], names?: readonly string[]) =>
  [
    ["a", "b", "c", "d", "e", "f", ...(names ? ["intent"] : [])].join(","),
    ...rows.map((row, at) => [...row.map((value) => value.toFixed(5)), ...(names ? [names[at]] : [])].join(",")),
  ].join("\n");
const intents = vectors.map((_, row) => `intent ${classOf(row)}`);
const labelled = csv(vectors, intents);
const pairsText = (same: (a: number, b: number) => unknown = (a, b) => (classOf(a) === classOf(b) ? 1 : 0)) => {
  const lines = ["a,b,same"];
  for (let row = 0; row < ROWS; row++) {
    for (const step of [1, 3, CLASSES, 2 * CLASSES]) {
      const other = (row + step) % ROWS;
      if (row < other) lines.push(`${row},${other},${same(row, other)}`);
    }
  }
  return lines.join("\n");
};
const QUICK = ["--quiet", "--epochs", "40", "--set", "optimizer.learningRate=0.01"];

const json = async (path: string) => JSON.parse(await readFile(path, "utf8"));

describe("semblance tune", () => {
  let folder: string;
  let data: string;
  let printed: string;
  beforeAll(async () => {
    const { mkdtemp } = await import("node:fs/promises");
    const { tmpdir } = await import("node:os");
    const home = await mkdtemp(join(tmpdir(), "semblance-cli-"));
    data = join(home, "vectors.csv");
    await writeFile(data, labelled);
    folder = join(home, "run");
    const { status, out, err } = await run(
      "tune",
      data,
      "--labels",
      "intent",
      "--out",
      folder,
      ...QUICK.slice(1),
      "--k",
      "4",
    );
    expect({ status, err: status === 0 ? "" : err }).toEqual({ status: 0, err: "" });
    printed = `${err}${out}`;
  });

  it("says what it understood, what it holds out and what it chose", () => {
    expect(printed).toContain("80 rows of 6 numbers, 10 classes of 8 rows each");
    expect(printed).toMatch(/held out 2 of 10 classes/);
    expect(printed).toMatch(/map-at-r: the vectors as they are \S+, relevant components \(shrinkage 0\.9\)/);
    expect(printed).toContain("learns from labels by metric/multi-similarity, with the head residual");
    expect(printed).toMatch(/euclidean +cosine +tuned +against \S+ +95 % interval/);
    for (const measure of ["recall@1", "recall@4", "MAP@R", "NMI"]) expect(printed).toContain(`\n${measure} `);
  });

  it("writes every choice into the job, and the numbers with their intervals", async () => {
    const job = await json(join(folder, "job.json"));
    expect(job).toMatchObject({
      task: "metric",
      model: { name: "residual", begin: "relevant-components" },
      validation: { by: "class", fraction: 0.2, start: true },
      loss: { name: "metric/multi-similarity" },
      sampler: { name: "per-class" },
      embedding: { width: 6, activation: "normalise" },
      data: { holdOut: { by: "class" } },
    });
    expect(job.data.holdOut.classes).toHaveLength(2);
    const { spaces, against, scored, chosen } = await json(join(folder, "tuning.json"));
    expect(chosen.measure).toBe("map-at-r");
    expect(chosen.begins.map(({ model }: { model: { begin: string } }) => model.begin)).toEqual([
      "item",
      ...new Array(3).fill("relevant-components"),
    ]);
    const best = Math.max(...chosen.epochs.map(({ score }: { score: number }) => score));
    expect(best).toBeGreaterThanOrEqual(Math.max(...chosen.begins.map(({ score }: { score: number }) => score)));
    expect(chosen.epochs[chosen.kept + 1]).toEqual({ epoch: chosen.kept, score: best });
    expect(scored).toEqual({ count: 2 * EACH, what: "rows" });
    expect(spaces.map(({ name }: { name: string }) => name)).toEqual(["euclidean", "cosine", "tuned"]);
    const [{ ours, theirs, difference, interval }] = against.measures;
    expect(difference).toBeCloseTo(ours - theirs, 12);
    expect(interval.low).toBeLessThanOrEqual(difference);
    expect(interval.high).toBeGreaterThanOrEqual(difference);
    expect(ours).toBeGreaterThanOrEqual(theirs);
  });

  it("writes head.onnx, which compares rows as they are with embeddings of a gallery", async () => {
    const session = await InferenceSession.create(await readFile(join(folder, "head.onnx")));
    const rows = (part: readonly (readonly number[])[]) =>
      new Tensor("float32", Float32Array.from(part.flat()), [part.length, 6]);
    const none = new Tensor("float32", new Float32Array(6), [1, 6]);
    const { embeddings } = await session.run({ data: rows(vectors), gallery: none });
    const { divergences } = await session.run({ data: rows(vectors.slice(0, 3)), gallery: embeddings! });
    expect(divergences!.dims).toEqual([3, ROWS]);
    const values = divergences!.data as Float32Array;
    for (let row = 0; row < 3; row++) {
      const own = Array.from(values.subarray(row * ROWS, (row + 1) * ROWS));
      expect(own.indexOf(Math.min(...own))).toBe(row);
    }
    await session.release();
  });

  it("learns from pairs as well, and tells how well pairs are told apart", async () => {
    const vectorsFile = await temporaryFile("vectors.csv", csv(vectors));
    const pairs = await temporaryFile("pairs.csv", pairsText());
    const out = join(await temporaryFolder(), "run");
    const ran = await run("tune", vectorsFile, "--pairs", pairs, "--out", out, ...QUICK.slice(1));
    expect({ status: ran.status, error: errorIn(ran) }).toEqual({ status: 0, error: undefined });
    expect(ran.err).toMatch(/80 rows of 6 numbers, 2\d\d pairs \(\d+ the same, \d+ different\)/);
    const job = await json(join(out, "job.json"));
    expect(job).toMatchObject({
      data: { otherPairs: "different" },
      loss: { name: "metric/nt-xent", temperature: 0.1 },
      sampler: { name: "pairs" },
      validation: { by: "pair", fraction: 0.2, start: true },
    });
    const { against, scored } = await json(join(out, "tuning.json"));
    expect(scored.what).toBe("pairs");
    expect(against.measures[0].measure).toBe("pair AUC");
    expect(against.measures[0].ours).toBeGreaterThan(0.8);
  });

  it("keeps the vectors as they are where nothing that was learned is better, and says so", async () => {
    // Columns that are the classes: all that can be learned is noise.
    const plain = vectors.map((_, row) => Array.from({ length: 10 }, (_, k) => (k === classOf(row) ? 1 : 0)));
    const text = plain.map((row, at) => [...row, intents[at]].join(",")).join("\n");
    const file = await temporaryFile("plain.csv", `a,b,c,d,e,f,g,h,i,j,intent\n${text}\n`);
    const out = join(await temporaryFolder(), "run");
    const ran = await run("tune", file, "--labels", "intent", "--out", out, ...QUICK.slice(1));
    expect({ status: ran.status, error: errorIn(ran) }).toEqual({ status: 0, error: undefined });
    expect(ran.err).toContain("than the vectors as they are: head.onnx keeps them as they are");
    const { chosen } = await json(join(out, "tuning.json"));
    expect([chosen.kept, chosen.epochs[0].epoch]).toEqual([-1, -1]);
    const embedded = await run("embed", out, file, "--quiet", "--json");
    const [first] = embedded.out.trim().split("\n");
    expect(
      Object.values(JSON.parse(first!))
        .flat()
        .filter((value) => typeof value === "number" && value > 0.99),
    ).toHaveLength(1);
  });

  it("semblance evaluate --against says by its exit status whether the run is better", async () => {
    const better = await run("evaluate", folder, data, "--against", "euclidean", "--labels", "intent", "--json");
    expect(better.status).toBe(0);
    const document = JSON.parse(better.out);
    expect(document).toMatchObject({ better: true, rows: ROWS, against: [{ name: "euclidean" }] });
    // Nothing is left to gain where the columns are the classes.
    const plain = vectors.map((_, row) =>
      Array.from({ length: 6 }, (_, k) => (k === classOf(row) % 6 ? 1 : 0) + row / 1e4),
    );
    const easy = await temporaryFile(
      "easy.csv",
      csv(
        plain,
        intents.map((_, row) => String(classOf(row) % 6)),
      ),
    );
    const equal = await run("evaluate", folder, easy, "--against", "euclidean,cosine", "--labels", "intent");
    expect(equal.status).toBe(1);
    expect(equal.out).toContain("not better");
  });

  it("semblance neighbours prints the nearest rows of queries, by their ranks", async () => {
    const query = await temporaryFile("query.csv", csv(vectors.slice(3, 5), intents.slice(3, 5)));
    const { status, out } = await run("neighbours", folder, data, "--query", query, "--k", "3", "--quiet");
    expect(status).toBe(0);
    const lines = out.trim().split("\n");
    expect(lines[0]).toBe("query,rank,row,label,divergence");
    expect(lines).toHaveLength(1 + 2 * 3);
    expect(lines[1]).toMatch(/^0,1,3,intent 3,/);
    expect(lines[4]).toMatch(/^1,1,4,intent 4,/);
    const own = await run("neighbours", folder, data, "--k", "1", "--quiet", "--json");
    const found = own.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(found).toHaveLength(ROWS);
    for (const { query: row, row: neighbour } of found) expect(neighbour).not.toBe(row);
    const right = found.filter(({ query: row, label }) => label === intents[row]).length;
    expect(right / ROWS).toBeGreaterThan(0.9);
  });

  it("counts what is probably a mistake in warnings", async () => {
    const once = intents.map((name, row) => (row === 0 ? "only once" : name));
    const zeros = vectors.map((row, at) => (at < 9 ? row.map(() => 0) : row));
    const file = await temporaryFile("vectors.csv", csv(zeros, once));
    const out = join(await temporaryFolder(), "run");
    const ran = await run("tune", file, "--labels", "intent", "--out", out, "--epochs", "1", "--hold-out", "row");
    expect(ran.status).toBe(0);
    expect(ran.err).toContain('1 of 11 classes has one row ("only once")');
    expect(ran.err).toMatch(/warning: \d of \d+ rows of \S+ are all zeros: by cosine/);
  });
});

describe("what semblance tune refuses", () => {
  const refused = async (content: string, ...args: string[]) => {
    const file = await temporaryFile("vectors.csv", content);
    const ran = await run("tune", file, ...args, ...QUICK, "--out", join(await temporaryFolder(), "run"));
    return { status: ran.status, error: errorIn(ran) };
  };
  const pairsFile = (text: string) => temporaryFile("pairs.csv", text);

  it("no labels and no pairs, or both", async () => {
    expect(await refused(labelled)).toMatchObject({ status: 2, error: { code: "SUPERVISION_MISSING" } });
    const both = await refused(labelled, "--labels", "intent", "--pairs", "p.csv");
    expect(both).toMatchObject({ status: 2, error: { code: "SUPERVISION_TWICE" } });
  });

  it("a number that is none, by row and column", async () => {
    const broken = labelled.split("\n");
    broken[5] = `1,2,nan,4,5,6,intent 4`;
    expect(await refused(broken.join("\n"), "--labels", "intent")).toMatchObject({
      status: 2,
      error: { code: "CELL_NOT_A_NUMBER", where: '…/vectors.csv:6, column "c"' },
    });
  });

  it("rows of one class, and a label for each row", async () => {
    const one = await refused(
      csv(
        vectors,
        intents.map(() => "same"),
      ),
      "--labels",
      "intent",
    );
    expect(one).toMatchObject({ status: 2, error: { code: "ONE_CLASS" } });
    const own = await refused(
      csv(
        vectors,
        intents.map((_, row) => `id ${row}`),
      ),
      "--labels",
      "intent",
    );
    expect(own).toMatchObject({ status: 2, error: { code: "NO_CLASS_REPEATED" } });
  });

  it("more neighbours than there are rows, and entries outside of a divergence's domain, by row and column", async () => {
    const file = await temporaryFile("vectors.csv", labelled);
    const out = join(await temporaryFolder(), "run");
    expect((await run("tune", file, "--labels", "intent", "--out", out, "--quiet", "--epochs", "1")).status).toBe(0);
    const many = await run("neighbours", out, file, "--k", String(ROWS), "--quiet");
    expect({ status: many.status, error: errorIn(many)?.code }).toEqual({ status: 2, error: "K_EXCEEDS_GALLERY" });
    const negative = await run("evaluate", out, file, "--labels", "intent", "--against", "generalised-kl", "--quiet");
    const first = vectors.flatMap((row, at) => row.flatMap((value, column) => (value < 0 ? [{ at, column }] : [])))[0]!;
    expect(negative.status).toBe(2);
    expect(errorIn(negative)).toMatchObject({
      code: "OUTSIDE_DOMAIN",
      where: `queries, row ${first.at}, column ${first.column}`,
    });
    const unlabelled = await temporaryFile("vectors.csv", csv(vectors));
    const without = await run("evaluate", out, unlabelled, "--against", "cosine", "--quiet");
    expect({ status: without.status, error: errorIn(without)?.code }).toEqual({ status: 2, error: "LABELS_MISSING" });
    const unknown = await run("evaluate", out, file, "--against", "cosin", "--labels", "intent", "--quiet");
    expect({ status: unknown.status, error: errorIn(unknown)?.code }).toEqual({ status: 2, error: "NAME_UNKNOWN" });
    const against = ["evaluate", out, file, "--labels", "intent", "--quiet", "--against"];
    const beyond = await run(...against, "cosine", "--k", String(ROWS));
    expect(errorIn(beyond)).toMatchObject({ code: "K_EXCEEDS_GALLERY", fix: `Ask for 1 to ${ROWS - 1}.` });
    expect(errorIn(await run(...against, "mahalanobis"))).toMatchObject({ code: "DIVERGENCE_NOT_LEARNED" });
    const clusters = await run("predict", out, file, "--quiet");
    expect(errorIn(clusters)).toMatchObject({
      code: "MODEL_WITHOUT_POSTERIORS",
      fix: expect.stringContaining("semblance neighbours"),
    });
  });

  it("what cannot be scored, before anything is learned", async () => {
    const pairs = await pairsFile(pairsText(() => 1));
    const ofOneKind = await refused(csv(vectors), "--pairs", pairs);
    expect(ofOneKind.error).toMatchObject({ code: "PAIRS_OF_ONE_KIND" });
    expect(ofOneKind.error?.message).toContain("none are different");
    const few = await refused(csv(vectors.slice(0, 6), ["x", "x", "x", "y", "y", "y"]), "--labels", "intent");
    expect(few.error).toMatchObject({ code: "TOO_FEW_ROWS" });
    const far = await refused(labelled, "--labels", "intent", "--k", "16");
    expect(far.error).toMatchObject({ code: "K_EXCEEDS_GALLERY", fix: "Ask for 1 to 15." });
  });

  it("embeddings that round to the bound of a divergence, with the divergence as the reason", async () => {
    const far = vectors.map((row) => row.map((value) => 1_000 * value - 2_000));
    const { status, error } = await refused(csv(far, intents), "--labels", "intent", "--divergence", "itakura-saito");
    expect({ status, code: error?.code }).toEqual({ status: 1, code: "OUTSIDE_DOMAIN" });
    expect(error?.message).toContain("an embedding");
    expect(error?.fix).toMatch(/come too near to the bounds of itakura-saito .*--standardise/);
  });

  it("rows by their ids, where the data have the column that the run was trained with", async () => {
    const lines = labelled.split("\n").map((line, at) => (at === 0 ? `id,${line}` : `r${at},${line}`));
    const file = await temporaryFile("ids.csv", lines.join("\n"));
    const out = join(await temporaryFolder(), "run");
    const tuned = await run("tune", file, "--ids", "id", "--labels", "intent", "--out", out, ...QUICK);
    expect(tuned.status).toBe(0);
    const found = await run("neighbours", out, file, "--k", "1");
    expect(found.out.split("\n")[1]).toMatch(/^r1,1,r\d+,intent \d,/);
    expect(found.err).toMatch(/^compared by [a-z-]+, as the run was trained$/m);
    const query = await temporaryFile("query.csv", csv(vectors.slice(0, 1)));
    const asked = await run("neighbours", out, file, "--query", query, "--k", "1", "--quiet");
    expect(asked.out.split("\n")[1]).toMatch(/^0,1,r1,intent 0,/);
  });

  it("pairs that contradict each other, with the chain", async () => {
    const file = await pairsFile(["a,b,same", "1,2,1", "2,3,1", "3,9,1", "9,1,0"].join("\n"));
    const { status, error } = await refused(csv(vectors), "--pairs", file);
    expect({ status, code: error?.code }).toEqual({ status: 2, code: "PAIRS_CONTRADICT" });
    expect(`${error?.message} ${error?.where}`).toMatch(/row 1 .*row 2 .*row 3 .*row 9/);
    expect(error?.where).toContain("pairs.csv:5");
  });

  it("pairs of unknown rows, by line", async () => {
    const file = await pairsFile(["a,b,same", "1,2,1", "2,80,1"].join("\n"));
    const { status, error } = await refused(csv(vectors), "--pairs", file);
    expect({ status, code: error?.code }).toEqual({ status: 2, code: "SAMPLE_UNKNOWN" });
    expect(error?.where).toContain("pairs.csv:3");
  });
});
