import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CreateError } from "./create-error.js";
import { familyOf } from "./package-name.js";
import { VERSION } from "./version.js";

export const LICENCES = ["Apache-2.0", "MIT"] as const;
export type Licence = (typeof LICENCES)[number];

export interface PackageOptions {
  readonly name: string;
  readonly folder: string;
  readonly description: string;
  readonly author: string;
  readonly licence: Licence;
}

const own = fileURLToPath(new URL("..", import.meta.url));
const template = join(own, "template");

/**
 * Writes a plugin package into a folder that is new or empty; a `.git` in it is left alone.
 *
 * @returns the files, as paths from the folder
 * @throws CreateError FOLDER_NOT_EMPTY, FOLDER_UNUSABLE
 */
export async function writePackage({ name, folder, description, author, licence }: PackageOptions): Promise<string[]> {
  await requireEmpty(folder);
  const values: Readonly<Record<string, string>> = {
    name,
    family: familyOf(name),
    description,
    author,
    licence,
    holder: author === "" ? `the authors of ${name}` : author,
    year: String(new Date().getFullYear()),
    version: VERSION,
  };
  const files: string[] = [];
  const write = async (file: string, content: string) => {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { flag: "wx" });
    files.push(file);
  };
  for (const entry of await readdir(template, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = relative(template, join(entry.parentPath, entry.name));
    if (file === "LICENSE-MIT") continue;
    const content = await readFile(join(template, file), "utf8");
    await write(visible(file), file.endsWith(".json") ? filled(content, values, inJson) : filled(content, values));
  }
  const text = await readFile(licence === "MIT" ? join(template, "LICENSE-MIT") : join(own, "LICENSE"), "utf8");
  await write("LICENSE", licence === "MIT" ? filled(text, values) : text);
  return files.sort();
}

async function requireEmpty(folder: string): Promise<void> {
  let names: string[];
  try {
    await mkdir(folder, { recursive: true });
    names = await readdir(folder);
  } catch (cause) {
    throw new CreateError("FOLDER_UNUSABLE", `${folder} cannot be used: ${(cause as NodeJS.ErrnoException).code}`, {
      where: resolve(folder),
      fix: "Name a folder that does not exist yet, in a place where you may write.",
      cause,
    });
  }
  const [first, ...rest] = names.filter((name) => name !== ".git");
  if (first === undefined) return;
  throw new CreateError(
    "FOLDER_NOT_EMPTY",
    `${folder} is not empty: it holds ${first}${rest.length > 0 ? ` and ${rest.length} more` : ""}`,
    { where: resolve(folder), fix: "Name another folder, or empty this one: nothing is ever overwritten." },
  );
}

/** npm leaves some dotfiles out of packages and takes a manifest within one for a package, so that both are kept under `_` names. */
const visible = (file: string) =>
  file === "_package.json" ? "package.json" : file.replace(/(^|[\\/])_(?=[a-z])/g, "$1.");

const inJson = (value: string) => JSON.stringify(value).slice(1, -1);

/** Puts values in the place of `{{key}}`. What is left of braces, such as an expression of GitHub's, stays. */
function filled(content: string, values: Readonly<Record<string, string>>, quote = (value: string) => value): string {
  return content.replace(/\{\{(\w+)\}\}/g, (whole, key: string) =>
    values[key] === undefined ? whole : quote(values[key]),
  );
}
