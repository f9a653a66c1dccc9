import { arch, availableParallelism, cpus, platform, release } from "node:os";
import { type DeviceReport, listDevices } from "@semblance/backend-ort";
import { referenceBackend } from "@semblance/core";
import pc from "picocolors";
import { DONE, FAILED } from "../terminal/exit-status.js";
import { table } from "../terminal/table.js";
import { VERSION } from "../version.js";
import type { AddCommand, Context } from "./context.js";

/** The oldest version of Node that Semblance runs on. */
const NODE = [20, 19] as const;

/** `semblance doctor` */
export const addDoctor: AddCommand = (program, start) => {
  program
    .command("doctor")
    .description("versions, and every backend: its device, or why it is not available and what to do about that")
    .action(() => start(doctor));
};

async function doctor({ terminal, settings }: Context): Promise<number> {
  const node = process.versions.node;
  const nodeFits = fits(node);
  const backends: readonly DeviceReport[] = [
    ...(await listDevices()),
    { name: "reference", available: true, device: referenceBackend().device },
  ];
  // The default backend is what everything without an explicit choice needs.
  const healthy = nodeFits && backends.some(({ name, available }) => name === "ort" && available);
  const facts = {
    semblance: VERSION,
    node,
    system: `${platform()} ${release()} ${arch()}`,
    processor: `${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} threads`,
  };
  if (settings.json) terminal.out(`${JSON.stringify({ ...facts, healthy, backends })}\n`);
  else {
    const { bold, green, red } = pc.createColors(settings.color && terminal.colors.out);
    const needed = nodeFits ? "" : `: too old, Semblance needs ${NODE.join(".")} or newer (nodejs.org)`;
    const lines = [
      table(Object.entries({ ...facts, node: `${node}${needed}` }), { align: "left" }),
      "",
      bold("backends"),
      ...backends.flatMap(({ name, available, device, reason, cure }) => [
        `  ${available ? green("available") : red("missing  ")}  ${name.padEnd(11)}  ${device}`,
        ...(reason === undefined ? [] : [`             why: ${reason}`]),
        ...(cure === undefined ? [] : [`             fix: ${cure}`]),
      ]),
    ];
    terminal.out(`${lines.join("\n")}\n`);
  }
  return healthy ? DONE : FAILED;
}

function fits(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
}
