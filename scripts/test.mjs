// `npm test`: sets the clone up and runs every check. Each check of the whole (lint, types, a package's manifest) counts as one test.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

bootstrap();

let passed = 0;
let failed = 0;
let skipped = 0;

check("lint and format", ["node_modules/@biomejs/biome/bin/biome", "check", "--max-diagnostics=50"]);
check("types", ["node_modules/typescript/bin/tsc", "-b"]);
check("types of tests", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.tests.json"]);
runTests();
for (const name of readdirSync(join(root, "packages")).sort()) {
  check(`package ${name}`, ["node_modules/publint/src/cli.js", "--strict", "--pack", "false", join("packages", name)]);
}

if (skipped > 0) console.log(`${skipped} skipped: what they need is not here, as their names say`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function check(name, args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status === 0) {
    passed++;
    console.log(`✓ ${name}`);
    return;
  }
  failed++;
  console.log(`✗ ${name}\n${error ?? ""}${stdout}${stderr}`);
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "semblance-test-"));
  const file = join(folder, "results.json");
  try {
    const args = [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile=${file}`,
    ];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
    count(status, existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(status, results) {
  const before = failed;
  for (const { status: ofFile, assertionResults } of results?.testResults ?? []) {
    const bad = assertionResults.filter((each) => each.status === "failed").length;
    passed += assertionResults.filter((each) => each.status === "passed").length;
    skipped += assertionResults.filter((each) => each.status !== "passed" && each.status !== "failed").length;
    // A file that could not even be loaded has no failed test.
    failed += bad === 0 && ofFile === "failed" ? 1 : bad;
  }
  // An error outside any test, or a run that died.
  if (status !== 0 && failed === before) failed++;
}
