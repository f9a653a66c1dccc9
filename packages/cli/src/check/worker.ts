import {
  type Backend,
  CATALOGUE,
  type Catalogue,
  createContainer,
  isSemblanceError,
  type Plugin,
} from "@semblance/core";
import { type Check, pluginChecks } from "@semblance/core/checks";
import { firstPartyPlugins } from "../compose.js";
import { importPlugin } from "../job/load-plugins.js";
import { ownFrame } from "../job/plugin-folders.js";
import { packageAt } from "../job/resolve-package.js";
import { type CheckFailure, type CheckMessage, type CheckRequest, PACKAGE_CHECKS } from "./messages.js";
import { requirePeerCore } from "./require-peer-core.js";

/**
 * The process that a plugin's checks run in. It says what it is about to do before it does it, so that the command knows what was
 * going on when the process ends, or goes on for too long.
 */
const request = JSON.parse(process.argv[2]!) as CheckRequest;

/** Resolves once the message has left: an exit right after it must not take it along. */
const tell = (message: CheckMessage) =>
  new Promise<void>((resolve) => {
    process.send!(message, () => resolve());
  });

/** Runs one of PACKAGE_CHECKS; undefined where it failed. A later process goes through them again, and tells only what now fails. */
async function attempt<Result>(position: number, run: () => Promise<Result>): Promise<Result | undefined> {
  const index = position - PACKAGE_CHECKS.length;
  if (request.from === 0) await tell({ type: "begins", check: PACKAGE_CHECKS[position]!, index });
  try {
    const result = await run();
    if (request.from === 0) await tell({ type: "passed", index });
    return result;
  } catch (error) {
    await tell({ type: "failed", index, failure: failureOf(error) });
    return undefined;
  }
}

/** The last word: the plugin may have left timers, and they are no reason to wait. */
async function done(): Promise<never> {
  await tell({ type: "done" });
  process.exit();
}

const located = await packageAt(request.root);
if (!located) await done();
await attempt(0, async () => requirePeerCore(request.name, located!));
const plugin = await attempt(1, async () => await importPlugin(request.name, located!));
const checks = plugin && (await attempt(2, async () => checksOf(plugin)));
if (!checks) await done();

const groups = [...new Set(checks!.map(({ group }) => group))];
const { only } = request;
// A group that is not there is refused by the command, before anything runs.
const known = only.every((group) => group === "package" || groups.includes(group));
const wanted = checks!.filter(({ group }) => only.length === 0 || (known && only.includes(group)));
if (request.from === 0) {
  await tell({
    type: "listed",
    checks: wanted.map(({ group, title, skip }) => ({ group, title, ...(skip === undefined ? {} : { skip }) })),
    groups,
  });
}
for (const [index, { group, title, skip, run }] of wanted.entries()) {
  if (index < request.from || skip !== undefined) continue;
  await tell({ type: "begins", check: { group, title }, index });
  try {
    await run();
    await tell({ type: "passed", index });
  } catch (error) {
    await tell({ type: "failed", index, failure: failureOf(error) });
  }
}
await done();

/** The plugin's checks; a fresh catalogue for each, with all that comes with the command, so that a taken name is found. */
function checksOf(subject: Plugin): readonly Check[] {
  const catalogue = () => createContainer(firstPartyPlugins).resolve<Catalogue>(CATALOGUE);
  catalogue().use(subject);
  const known = catalogue();
  const backends = request.backends.map((name): [string, () => Promise<Backend>] => {
    const { entry, config } = known.choose("backend", name);
    return [name, () => entry.create(config)];
  });
  return pluginChecks(subject, { backends: Object.fromEntries(backends), catalogue });
}

function failureOf(error: unknown): CheckFailure {
  if (!isSemblanceError(error)) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const where = ownFrame(error, located?.root);
    return { code: "CHECK_ERROR_UNCODED", message, ...(where === undefined ? {} : { where }) };
  }
  const { code, message, where, fix } = error;
  return { code, message, ...(where === undefined ? {} : { where }), ...(fix === undefined ? {} : { fix }) };
}
