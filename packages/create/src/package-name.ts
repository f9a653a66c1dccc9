import validate from "validate-npm-package-name";
import { CreateError } from "./create-error.js";

/** A name that npm takes for a new package. @throws CreateError NAME_INVALID */
export function requirePackageName(name: string): string {
  const { validForNewPackages, errors = [], warnings = [] } = validate(name);
  if (!validForNewPackages) {
    throw new CreateError("NAME_INVALID", `"${name}" is no name for an npm package: ${[...errors, ...warnings][0]}`, {
      where: "the name of the package",
      fix: "Take lower-case letters, digits and hyphens, such as my-losses or @me/losses.",
    });
  }
  return name;
}

/** The family that a package's entries are named in: `@me/my.losses` brings `my-losses/…`. */
export function familyOf(name: string): string {
  const family = name
    .replace(/^@[^/]+\//, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return family === "" ? "mine" : family;
}
