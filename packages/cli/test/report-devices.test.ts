import { readFile } from "node:fs/promises";
import { createCatalogue, defineBackend, definePlugin, referenceBackend } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { reportDevices } from "../src/devices/report-devices.js";
import { temporaryFile } from "./support/run.js";

const entry = (name: string) =>
  defineBackend({
    name,
    summary: `The backend ${name}.`,
    config: z.strictObject({}),
    create: async () => referenceBackend(),
  });
const catalogue = createCatalogue([
  definePlugin({
    name: "some",
    version: "1.0.0",
    core: "*",
    register: (registry) => ["a", "b", "c"].forEach((name) => registry.add(entry(name))),
  }),
]);

/** A program that answers for each name, and does `body` first. */
const program = (body: string) =>
  temporaryFile(
    "answer.mjs",
    `import { appendFileSync } from "node:fs";
const { names } = JSON.parse(process.argv[2]);
const send = (name) => new Promise((sent) => process.send({ name, available: true, device: "asked" }, sent));
for (const name of names) { ${body}; await send(name); }
process.exit(0);`,
  );

const asked = async (body: string, more: object = {}) =>
  (await reportDevices({ catalogue, plugins: [], folder: ".", program: await program(body), ...more })).map(
    ({ name, device, reason }) => [name, reason ?? device],
  );

describe("backends are asked in a process of its own", () => {
  it("that is one for all", async () => {
    const log = await temporaryFile("log", "");
    const body = `if (name === names[0]) appendFileSync(${JSON.stringify(log)}, "started ")`;
    expect(await asked(body)).toEqual(["a", "b", "c", "reference"].map((name) => [name, "asked"]));
    expect(await readFile(log, "utf8")).toBe("started ");
  });

  it("which one of them may take down, and the others are asked all the same", async () => {
    expect(await asked('if (name === "b") process.abort()')).toEqual([
      ["a", "asked"],
      ["b", "the process that tried it was ended by SIGABRT"],
      ["c", "asked"],
      ["reference", "asked"],
    ]);
    expect(await asked('if (name === "reference") process.exit(3)')).toContainEqual([
      "reference",
      "the process that tried it was ended by status 3",
    ]);
  });

  it("which is not waited for without end", async () => {
    // Long enough for the processes of the others to start on a busy machine.
    const reports = await asked('if (name === "a") for (;;);', { patienceMs: 5000 });
    expect(reports[0]).toEqual(["a", "the process that tried it gave no answer in 5 s"]);
    expect(reports.slice(1).map(([, device]) => device)).toEqual(["asked", "asked", "asked"]);
  });
});
