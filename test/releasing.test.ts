import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { packages, readManifest, root } from "./support/packages.js";
import { copyRepository, inFolder } from "./support/repository-copy.js";
import { discard, findPnpm } from "./support/tarballs.js";

const scripts = readManifest(root).scripts!;

describe("a release, tried on a copy of the repository", () => {
  let copy: string;
  const before = packages[0]!.manifest.version;
  const after = before.replace(/(\d+)\.\d+$/, (_, minor) => `${Number(minor) + 1}.0`);
  const words = "A new word for the list.\n\nIt has a second paragraph.";
  const manifestOf = (short: string) => readManifest(join(copy, "packages", short));

  beforeAll(() => {
    copy = copyRepository();
    // One change of one package: what becomes of the others is the question.
    for (const file of readdirSync(join(copy, ".changeset")))
      if (file.endsWith(".md")) discard(join(copy, ".changeset", file));
    writeFileSync(join(copy, ".changeset/word.md"), `---\n"@semblance/core": minor\n---\n\n${words}\n`);
    const [bump, stamp, ...rest] = scripts.version!.split(" && ");
    // The reports of the exports hold the version too; making them needs a build, and api.test.ts asks for them.
    expect(rest).toEqual(["node scripts/api.mjs"]);
    inFolder(copy, process.execPath, [join(root, "node_modules/@changesets/cli/bin.js"), ...bump!.split(" ").slice(1)]);
    inFolder(copy, process.execPath, stamp!.split(" ").slice(1));
  }, 60_000);
  afterAll(() => discard(copy), 60_000);

  it("raises all packages together, and stays below 1.0", () => {
    for (const { short } of packages) expect(manifestOf(short).version, short).toBe(after);
    expect(after).toMatch(/^0\./);
  });

  it("uses up the changesets", () => {
    expect(readdirSync(join(copy, ".changeset")).filter((file) => file.endsWith(".md"))).toEqual([]);
  });

  it("stamps the version that plugins are checked against", () => {
    const stamped = packages.map(({ short }) => join(copy, "packages", short, "src/version.ts")).filter(existsSync);
    expect(stamped.length).toBeGreaterThan(0);
    for (const file of stamped) expect(readFileSync(file, "utf8"), file).toContain(`VERSION = "${after}"`);
  });

  it("tells the user of the change in its own words, and of the others in one line", () => {
    const changelog = (short: string) => readFileSync(join(copy, "packages", short, "CHANGELOG.md"), "utf8");
    expect(changelog("core")).toBe(
      `# @semblance/core\n\n## ${after}\n\n### Minor Changes\n\n- A new word for the list.\n\n  It has a second paragraph.\n`,
    );
    expect(changelog("models")).toBe(
      `# @semblance/models\n\n## ${after}\n\n### Patch Changes\n\n- Goes with version ${after} of the other packages of Semblance.\n`,
    );
  });

  const pnpm = findPnpm();
  it.skipIf(!pnpm)(
    `writes versions for siblings into the tarballs${pnpm ? "" : " (skipped: pnpm is not here)"}`,
    () => {
      const at = join(copy, "packages/models");
      inFolder(at, process.execPath, [pnpm!, "pack", "--pack-destination", copy]);
      const packed = inFolder(copy, "tar", ["-xzOf", `semblance-models-${after}.tgz`, "package/package.json"]);
      expect(JSON.parse(packed).dependencies["@semblance/core"]).toBe(`^${after}`);
    },
  );

  it.skipIf(!pnpm)(`publishes siblings before who needs them${pnpm ? "" : " (skipped: pnpm is not here)"}`, () => {
    expect(scripts.release).toBe("node scripts/release.mjs");
    const said = inFolder(copy, process.execPath, ["scripts/release.mjs", "--dry-run", "--no-build"]);
    const order = [...said.matchAll(/^(\S+)@\S+ would be published$/gm)].map(([, name]) => name!);
    expect([...order].sort()).toEqual(packages.map(({ manifest }) => manifest.name).sort());
    for (const { manifest } of packages)
      for (const name of Object.keys(manifest.dependencies ?? {}))
        if (order.includes(name)) expect(order.indexOf(name), name).toBeLessThan(order.indexOf(manifest.name));
  });
});

describe("the changesets that wait", () => {
  const names = new Set(packages.map(({ manifest }) => manifest.name));
  const files = readdirSync(join(root, ".changeset")).filter((file) => file.endsWith(".md"));
  for (const file of files) {
    it(`${file} names packages, raises none to 1.0, and says something`, () => {
      const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(
        readFileSync(join(root, ".changeset", file), "utf8"),
      )!;
      const raised: Record<string, string> = parse(head!);
      expect(Object.keys(raised).filter((name) => !names.has(name))).toEqual([]);
      for (const step of Object.values(raised)) expect(["minor", "patch"]).toContain(step);
      expect(body!.trim().length).toBeGreaterThan(20);
    });
  }

  it("raise all packages as one", () => {
    const config = JSON.parse(readFileSync(join(root, ".changeset/config.json"), "utf8"));
    expect(config.fixed).toEqual([["@semblance/*"]]);
    expect(config.access).toBe("public");
    // What is not published must not be raised either.
    for (const name of ["test", "bench", "examples"])
      expect(config.ignore).toContain(readManifest(join(root, name)).name);
  });
});

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly needs?: string;
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: Record<string, string> }[];
}

interface Workflow {
  readonly on: Readonly<Record<string, { readonly branches?: readonly string[] } | null>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow = (name: string): Workflow =>
  parse(readFileSync(join(root, ".github/workflows", `${name}.yml`), "utf8"));

describe("the workflows", () => {
  const all = readdirSync(join(root, ".github/workflows")).map((file) => file.replace(/\.yml$/, ""));

  it("pin every action to a version, may write nothing by default, and end in time", () => {
    for (const name of all) {
      const { permissions, jobs } = workflow(name);
      expect(permissions, name).toEqual({ contents: "read" });
      for (const job of Object.values(jobs)) {
        expect(job["timeout-minutes"], name).toBeLessThanOrEqual(40);
        for (const { uses } of job.steps) if (uses) expect(uses).toMatch(/@(v\d+\.\d+\.\d+|[0-9a-f]{40})$/);
      }
    }
  });

  it("run only scripts that there are", () => {
    const steps = all.flatMap((name) => Object.values(workflow(name).jobs)).flatMap(({ steps }) => steps);
    const named = steps.flatMap((step) => [step.run ?? "", step.with?.version ?? ""]).join("\n");
    const called = [...named.matchAll(/npm (?:run )?(\w+)/g)].map(([, script]) => script!);
    expect(called).toEqual(expect.arrayContaining(["test", "version", "release"]));
    for (const script of called) expect(Object.keys(scripts)).toContain(script);
  });

  it("test every change, on the oldest Node that packages admit too", () => {
    const { on, jobs } = workflow("ci");
    expect(Object.keys(on)).toEqual(["push", "pull_request"]);
    expect(jobs.test!.steps.map(({ run }) => run)).toContain("npm test");
    expect(`>=${jobs.test!.strategy!.matrix.node[0]}`).toBe(readManifest(root).engines!.node);
  });

  it("publish with provenance, from main, after the tests, once no changeset waits", () => {
    const { on, jobs } = workflow("release");
    expect(on).toEqual({ push: { branches: ["main"] } });
    const { publish, version } = jobs;
    expect(publish!.needs).toBe("version");
    expect(publish!.if).toBe("needs.version.outputs.pending == 'false'");
    expect(publish!.permissions).toMatchObject({ "id-token": "write" });
    // Whoever only opens a pull request cannot sign for a package.
    expect(version!.permissions).not.toHaveProperty("id-token");
    const runs = publish!.steps.map(({ run }) => run);
    expect(runs.indexOf("npm test")).toBeGreaterThanOrEqual(0);
    expect(runs.indexOf("npm run release")).toBeGreaterThan(runs.indexOf("npm test"));
    expect(readFileSync(join(root, "scripts/release.mjs"), "utf8")).toContain('"--provenance"');
  });
});
