import { arch, platform, release } from "node:os";
import { CATALOGUE, type Catalogue, type DeviceReport } from "@semblance/core";
import { describeProcessor, graphicsAdapters } from "@semblance/core/node";
import pc from "picocolors";
import { compose } from "../compose.js";
import { reportDevices } from "../devices/report-devices.js";
import { loadPlugins } from "../job/load-plugins.js";
import { DONE, FAILED } from "../terminal/exit-status.js";
import { table } from "../terminal/table.js";
import { VERSION } from "../version.js";
import type { AddCommand, Context } from "./context.js";
import { pluginOption } from "./options.js";

/** The oldest version of Node that Semblance runs on. */
const NODE = [20, 19] as const;

/** `semblance doctor` */
export const addDoctor: AddCommand = (program, start) => {
  program
    .command("doctor")
    .description("versions, and every backend: its device, or why it is not available and what to do about that")
    .addOption(pluginOption())
    .action(({ plugin }: { readonly plugin: readonly string[] }) => start((context) => doctor(plugin, context)));
};

async function doctor(plugins: readonly string[], { terminal, settings }: Context): Promise<number> {
  const node = process.versions.node;
  const nodeFits = fits(node);
  const folder = process.cwd();
  const catalogue = compose(await loadPlugins(plugins, folder)).resolve<Catalogue>(CATALOGUE);
  const backends = await reportDevices({ catalogue, plugins, folder, debug: settings.debug });
  // The default backend is what everything without an explicit choice needs.
  const healthy = nodeFits && backends.some(({ name, available }) => name === "ort" && available);
  const adapters = await graphicsAdapters();
  const facts = {
    semblance: VERSION,
    node,
    system: `${platform()} ${release()} ${arch()}`,
    processor: describeProcessor(),
    graphics: adapters.length > 0 ? adapters.join("; ") : "no NVIDIA adapter found",
  };
  if (settings.json) terminal.out(`${JSON.stringify({ ...facts, healthy, backends })}\n`);
  else {
    const colors = pc.createColors(settings.color && terminal.colors.out);
    const needed = nodeFits ? "" : `: too old, Semblance needs ${NODE.join(".")} or newer (nodejs.org)`;
    const width = Math.max(...backends.map(({ name }) => name.length));
    const lines = [
      table(Object.entries({ ...facts, node: `${node}${needed}` }), { align: "left" }),
      "",
      colors.bold("backends"),
      ...backends.flatMap((report) => linesOf(report, width, colors)),
    ];
    terminal.out(`${lines.join("\n")}\n`);
  }
  return healthy ? DONE : FAILED;
}

/** One backend: whether it is there and on what, then what more there is to say. */
function linesOf(
  { name, available, device, hardware, reason, cure }: DeviceReport,
  width: number,
  { green, red }: ReturnType<typeof pc.createColors>,
): string[] {
  const more = (label: string, text: string | undefined) =>
    text === undefined ? [] : [`             ${label}: ${text}`];
  return [
    `  ${available ? green("available") : red("missing  ")}  ${name.padEnd(width)}  ${device}`,
    ...more("on", hardware),
    ...more("why", reason),
    ...more("fix", cure),
  ];
}

function fits(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
}
