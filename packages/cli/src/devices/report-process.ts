import { CATALOGUE, type Catalogue, type DeviceReport, reportBackend } from "@semblance/core";
import { compose } from "../compose.js";
import { loadPlugins } from "../job/load-plugins.js";

/** What this process is asked on its command line, as JSON. */
export interface Question {
  /** Names of backends. */
  readonly names: readonly string[];
  readonly plugins: readonly string[];
  /** The folder that plugins are found from. */
  readonly folder: string;
}

/**
 * A process that asks backends what this machine has for them, and sends each answer as soon as it has it: drivers may print to the
 * terminal, wait for ever, or take the process down.
 */
const { names, plugins, folder } = JSON.parse(process.argv[2]!) as Question;
const catalogue = compose(await loadPlugins(plugins, folder)).resolve<Catalogue>(CATALOGUE);
const send = (report: DeviceReport) => new Promise((sent) => process.send!(report, sent));
// One after the other: runtimes that are loaded at the same time share global state of their own.
for (const name of names) await send(await reportBackend(catalogue.get("backend", name)));
// What a runtime left running does not matter any more.
process.exit(0);
