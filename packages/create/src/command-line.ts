import { basename, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { CreateError } from "./create-error.js";
import { requirePackageName } from "./package-name.js";
import { LICENCES, type Licence, writePackage } from "./write-package.js";

/** What the command may use of the outside world. */
export interface Surroundings {
  readonly folder: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks a person; undefined where there is none. */
  readonly ask?: ((question: string, usual: string) => Promise<string>) | undefined;
}

const HELP = `npm create @semblance@latest [NAME] -- [options]

Writes an npm package with a loss, a kernel and a host operator for Semblance, their tests, and CI.
NAME is the package's name (my-losses, @me/losses) or a folder to make it in (./work/my-losses).

  --description <text>   what the package is
  --author <text>        such as "Ada Lovelace <ada@example.org>"
  --licence <name>       ${LICENCES.join(" or ")}; ${LICENCES[0]} by default (also --license)
  --yes                  ask nothing
  --help                 this text
`;

/** @returns the exit status: 0 done, 2 the request was wrong */
export async function createPackage(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await create(args, around);
  } catch (error) {
    if (!(error instanceof CreateError)) throw error;
    const { where, fix } = error.details;
    around.err(`error[${error.code}]: ${error.message}\n  where: ${where}\n  fix: ${fix}\n`);
    return 2;
  }
}

async function create(args: readonly string[], { folder: from, out, ask }: Surroundings): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    out(HELP);
    return 0;
  }
  const answer = async (given: string | undefined, question: string, usual: string) =>
    given ?? (ask && !values.yes ? (await ask(question, usual)).trim() : usual);
  const target = await answer(positionals[0], "Name of the package", "my-losses");
  const { name, folder } = placeOf(target, from);
  const licence = licenceOf(values.licence ?? values.license ?? LICENCES[0]);
  const description = await answer(values.description, "What it is", "Losses for Semblance");
  const author = await answer(values.author, "Author", "");
  const files = await writePackage({ name, folder, description, author, licence });
  const place = relative(from, folder);
  out(`${name}: ${files.length} files in ${place || "this folder"}

${place ? `  cd ${place}\n` : ""}  npm install
  npm test          # what a loss and a kernel owe, on the float64 reference
  npm run check     # the whole suite on every backend
`);
  return 0;
}

function parse(args: readonly string[]) {
  try {
    const parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        description: { type: "string" },
        author: { type: "string" },
        licence: { type: "string" },
        license: { type: "string" },
        yes: { type: "boolean", short: "y" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (parsed.positionals.length > 1) throw new Error(`one name is taken, not ${parsed.positionals.length}`);
    return parsed;
  } catch (cause) {
    const [message] = (cause as Error).message.split(". ");
    throw new CreateError("USAGE", message!, {
      where: args.join(" "),
      fix: "npm create @semblance@latest -- --help shows what can be said.",
      cause,
    });
  }
}

/** A path names the folder, whose own name is the package's; a package's name is made into a folder without its scope. */
function placeOf(target: string, from: string): { readonly name: string; readonly folder: string } {
  const isPath = /^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[A-Za-z]:)/.test(target);
  const folder = resolve(from, isPath ? target : target.replace(/^@[^/]+\//, ""));
  const name = requirePackageName(isPath ? basename(folder) : target);
  return { name, folder };
}

function licenceOf(asked: string): Licence {
  const known = LICENCES.find((licence) => licence.toLowerCase() === asked.toLowerCase());
  if (known) return known;
  throw new CreateError("LICENCE_UNKNOWN", `there is no text here for the licence "${asked}"`, {
    where: "--licence",
    fix: `Take ${LICENCES.join(" or ")}, and replace the file LICENSE by your own afterwards.`,
  });
}
