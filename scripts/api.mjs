// `npm run api`: writes what every entry of every package exports into packages/*/api/<entry>.api.md, for review beside the change.
// `-- --check` changes nothing: it prints one JSON line an entry and fails where a report and the code differ.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CompilerState, Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { bootstrap, root } from "./bootstrap.mjs";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
bootstrap();

const ours = join(root, "packages");
const scratch = mkdtempSync(join(tmpdir(), "semblance-api-"));
try {
  const entries = readdirSync(ours)
    .sort()
    .flatMap((name) => entriesOf(name));
  // The names that reports left behind by an entry that is gone would have.
  const expected = new Set(entries.map(({ report }) => report));
  const stale = readdirSync(ours)
    .flatMap((name) => reportsIn(join(ours, name, "api")))
    .filter((file) => !expected.has(file));
  let compilerState;
  for (const entry of entries) {
    const config = configOf(entry);
    // One program for all entries: reading the types of the libraries takes most of the time.
    compilerState ??= CompilerState.create(config, { additionalEntryPoints: entries.map(({ types }) => types) });
    settle(entry, report(entry, config, compilerState));
  }
  for (const file of stale) {
    if (values.check) say({ entry: file.slice(root.length), state: "gone" });
    else rmSync(file);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** The entries of a package that have types: `.` is named after the package, `./testing` after its path. */
function entriesOf(name) {
  const folder = join(ours, name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => target.types)
    .map(([path, target]) => ({
      name: path === "." ? manifest.name : `${manifest.name}/${path.slice(2)}`,
      folder,
      types: join(folder, target.types),
      report: join(folder, "api", `${path === "." ? "index" : path.slice(2).replaceAll("/", "-")}.api.md`),
    }));
}

function reportsIn(folder) {
  return existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
}

function configOf({ folder, types }) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      newlineKind: "lf",
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2022",
            lib: ["es2023", "dom"],
            module: "nodenext",
            moduleResolution: "nodenext",
            strict: true,
            skipLibCheck: true,
            types: ["node"],
            typeRoots: [join(root, "node_modules/@types")],
          },
          files: [types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: "report",
        reportFolder: scratch,
        reportTempFolder: scratch,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: "error" } },
        // Release tags and forgotten exports of inner types say nothing about what a user can reach.
        extractorMessageReporting: { default: { logLevel: "none" } },
        tsdocMessageReporting: { default: { logLevel: "none" } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
  });
}

function report({ name }, config, compilerState) {
  Extractor.invoke(config, {
    compilerState,
    localBuild: true,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel === "error") throw new Error(`${name}: ${message.text}`);
    },
  });
  return readFileSync(join(scratch, "report.api.md"), "utf8");
}

function settle({ name, folder, report: file }, text) {
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const state = before === text ? "same" : before === undefined ? "new" : "changed";
  if (values.check) {
    say({ entry: name, state, ...(state === "changed" ? { difference: firstDifferences(before, text) } : {}) });
    return;
  }
  if (state === "same") return;
  mkdirSync(join(folder, "api"), { recursive: true });
  writeFileSync(file, text);
  console.log(`${name}: ${state}`);
}

/** Lines of only one side, at most 20: enough to see what broke, without a diff library. */
function firstDifferences(before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const [oldSet, nowSet] = [new Set(old), new Set(now)];
  return [
    ...old.filter((line) => !nowSet.has(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !oldSet.has(line)).map((line) => `+ ${line}`),
  ].slice(0, 20);
}

function say(record) {
  if (record.state !== "same") process.exitCode = 1;
  console.log(JSON.stringify(record));
}
