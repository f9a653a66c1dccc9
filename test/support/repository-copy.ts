import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packages, root } from "./packages.js";

/** A copy of this repository, with a history of one commit, in which a release may be tried. */
export function copyRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), "semblance-release-"));
  const listed = inFolder(root, "git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
  for (const file of listed.split("\0").filter((file) => file !== "" && existsSync(join(root, file))))
    cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  // pnpm reads a sibling's version where the package finds it: in the copy, not here.
  for (const { short, manifest } of packages) {
    const links = join(folder, "packages", short, "node_modules/@semblance");
    mkdirSync(links, { recursive: true });
    for (const sibling of packages)
      if (manifest.dependencies?.[sibling.manifest.name] ?? manifest.peerDependencies?.[sibling.manifest.name])
        symlinkSync(join(folder, "packages", sibling.short), join(links, sibling.short), "junction");
  }
  const author = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
  inFolder(folder, "git", ["init", "--quiet", "--initial-branch=main"]);
  inFolder(folder, "git", ["add", "--all"]);
  inFolder(folder, "git", [...author, "commit", "--quiet", "--message=all"]);
  return folder;
}

/** Runs a command that must succeed; its standard output. */
export function inFolder(folder: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${error ?? ""}\n${stdout}${stderr}`);
  return stdout;
}
