import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the tests read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean | readonly string[];
  readonly engines?: { readonly node?: string };
  readonly repository?: { readonly type?: string; readonly url?: string; readonly directory?: string };
  readonly homepage?: string;
  readonly bugs?: { readonly url?: string };
  readonly keywords?: readonly string[];
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly access?: string; readonly exports?: Manifest["exports"] };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A published package of this repository. */
export interface Package {
  /** The name of its folder below `packages/`. */
  readonly short: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** Every package that is published: a new folder below `packages/` is in every test without being entered anywhere. */
export const packages: readonly Package[] = readdirSync(join(root, "packages"))
  .sort()
  .map((short) => ({ short, folder: join(root, "packages", short) }))
  .map((each) => ({ ...each, manifest: readManifest(each.folder) }))
  .filter(({ manifest }) => manifest.private !== true);

/** What `import` may name: the package, and each path with types. */
export function entriesOf({ manifest }: Package): readonly string[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === "object" && target.types !== undefined)
    .map(([path]) => (path === "." ? manifest.name : `${manifest.name}/${path.slice(2)}`));
}
