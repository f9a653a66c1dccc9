// `npm run release`: builds anew, packs every package and publishes what the registry does not have yet, siblings before those who need
// them. `-- --dry-run` publishes nothing; `-- --no-build` takes the built files as they are. Run by .github/workflows/release.yml.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap, root } from "./bootstrap.mjs";

const { values } = parseArgs({
  options: { "dry-run": { type: "boolean", default: false }, build: { type: "boolean", default: true } },
  allowNegative: true,
});

const packages = readdirSync(join(root, "packages"))
  .map((name) => join(root, "packages", name))
  .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }))
  .filter(({ manifest }) => manifest.private !== true);

if (values.build) {
  // A file whose source is gone would stay in dist, and be published.
  for (const { folder } of packages) rmSync(join(folder, "dist"), { recursive: true, force: true });
  bootstrap();
}
const tarballs = mkdtempSync(join(tmpdir(), "semblance-release-"));
try {
  // pnpm writes the siblings' versions in place of "workspace:^"; npm signs where the tarball comes from.
  must(
    "npx",
    [
      "--yes",
      "--prefer-offline",
      "pnpm@10",
      "--recursive",
      "--filter",
      "./packages/*",
      "pack",
      "--pack-destination",
      tarballs,
      // Core is bundled when it is packed, which is a part of building.
      ...(values.build ? [] : ["--config.ignore-scripts=true"]),
    ],
    root,
  );
  for (const { folder, manifest } of inOrder(packages)) {
    const release = `${manifest.name}@${manifest.version}`;
    if (!values["dry-run"] && isPublished(release)) {
      console.log(`${release} is published already`);
      continue;
    }
    const file = join(tarballs, `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`);
    must(
      "npm",
      ["publish", file, "--access", "public", ...(values["dry-run"] ? ["--dry-run", "--offline"] : ["--provenance"])],
      folder,
    );
    console.log(`${release} ${values["dry-run"] ? "would be published" : "published"}`);
  }
} finally {
  rmSync(tarballs, { recursive: true, force: true });
}

/** Each package after the siblings that it depends on, so that at no moment one is installed that asks for what is not there. */
function inOrder(all) {
  const byName = new Map(all.map((each) => [each.manifest.name, each]));
  const ordered = new Set();
  const visit = (each) => {
    for (const name of Object.keys(each.manifest.dependencies ?? {})) if (byName.has(name)) visit(byName.get(name));
    ordered.add(each);
  };
  for (const each of all) visit(each);
  return [...ordered];
}

function isPublished(release) {
  const { status, stderr } = run("npm", ["view", release, "version"], root);
  if (status === 0) return true;
  if (stderr.includes("E404")) return false;
  fail(`the registry does not say whether ${release} is published`, stderr);
}

function must(command, args, cwd) {
  const { status, stderr } = run(command, args, cwd);
  if (status !== 0) fail(`${command} ${args.join(" ")} failed`, stderr);
}

function run(command, args, cwd) {
  return spawnSync(command, args, { cwd, encoding: "utf8", shell: process.platform === "win32" });
}

function fail(message, output) {
  console.error(
    `error[RELEASE_FAILED]: ${message}\n${output}fix: run it again; what is published already is passed over`,
  );
  process.exit(1);
}
