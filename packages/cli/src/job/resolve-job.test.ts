import { type Catalogue, definePlugin, isSemblanceError, KINDS } from "@semblance/core";
import { describe, expect, it } from "vitest";
import { jobFrom } from "./job-source.js";
import { resolveJob } from "./resolve-job.js";

const least = { data: { source: "builtin:blobs" }, loss: "gemini/mmd-ova" };
const resolve = (value: Record<string, unknown>) => resolveJob(jobFrom(value, { name: "job.yaml", folder: "/jobs" }));

async function told(value: Record<string, unknown>): Promise<string> {
  try {
    await resolve(value);
  } catch (error) {
    if (isSemblanceError(error))
      return `${error.name} ${error.code} at ${error.where}: ${error.message} | ${error.fix}`;
    throw error;
  }
  return "resolved";
}

describe("resolveJob", () => {
  it("fills in every default", async () => {
    const { job } = await resolve({ ...least, loss: { name: "gemini/mmd-ova", clusters: 3 } });
    expect(job).toMatchInlineSnapshot(`
      {
        "backend": {
          "name": "ort",
        },
        "checkpoint": {
          "every": 10,
        },
        "data": {
          "source": "builtin:blobs",
          "standardise": false,
        },
        "epochs": 50,
        "evaluate": {
          "every": 10,
        },
        "loss": {
          "clusters": 3,
          "kernel": "linear",
          "name": "gemini/mmd-ova",
        },
        "model": {
          "activation": "relu",
          "hidden": [
            64,
          ],
          "name": "mlp",
        },
        "optimizer": {
          "beta1": 0.9,
          "beta2": 0.999,
          "epsilon": 1e-8,
          "learningRate": 0.001,
          "name": "adam",
          "schedule": {
            "name": "constant",
            "warmupSteps": 0,
          },
          "weightDecay": 0,
        },
        "plugins": [],
        "sampler": {
          "batchSize": 500,
          "dropLast": false,
          "name": "shuffle",
        },
        "seed": 0,
        "task": "cluster",
      }
    `);
  });

  it("resolves its own result to itself", async () => {
    const { job } = await resolve({
      ...least,
      threads: 1,
      earlyStopping: {},
      evaluate: { measures: ["ari", { name: "recall-at-k", k: 4 }] },
      optimizer: { name: "sgd", momentum: 0.9, schedule: "cosine", clipNorm: 1 },
    });
    expect((await resolve({ ...job })).job).toEqual(job);
  });

  it("finds every entry's defaults again", async () => {
    const { catalogue } = await resolve(least);
    for (const kind of KINDS) {
      for (const { name, config } of catalogue.list(kind)) {
        const parsed = config.safeParse({});
        if (!parsed.success) continue;
        const again = (catalogue as Catalogue).choose(kind, {
          name,
          ...(JSON.parse(JSON.stringify(parsed.data)) as object),
        });
        expect(again.config, `${kind} ${name}`).toEqual(parsed.data);
      }
    }
  });

  it("takes paths from the folder of the job", async () => {
    const { job } = await resolve({ ...least, data: { source: "data/a.csv", labels: "y" } });
    expect(job.data).toMatchObject({ source: "/jobs/data/a.csv", labels: "y" });
  });

  it.each([
    ["a missing loss", { data: { source: "a.csv" } }],
    ["missing data", { loss: "gemini/mmd-ova" }],
    ["an unknown key", { ...least, epoch: 3 }],
    ["an unknown inner key", { ...least, data: { source: "a.csv", label: "y" } }],
    ["an unknown key of a component", { ...least, loss: { name: "gemini/mmd-ova", cluster: 3 } }],
    ["an unknown name", { ...least, model: "mpl" }],
    ["an unknown name inside", { ...least, loss: { name: "gemini/mmd-ova", kernel: "rfb" } }],
    ["an unknown key inside", { ...least, loss: { name: "gemini/mmd-ova", kernel: { name: "rbf", gama: 1 } } }],
    ["a key that is nearly one of the job's", { ...least, optimizer: { name: "adam", learningrate: 1 } }],
    ["a wrong type", { ...least, epochs: "many" }],
    ["a number out of range", { ...least, epochs: 0 }],
    ["not a number", { ...least, optimizer: { learningRate: Number.NaN } }],
    ["another task", { ...least, task: "generate" }],
    ["no task at all", { ...least, task: "clusters" }],
    ["a backend that nobody registered", { ...least, backend: "tfjs/wsam" }],
    ["threads where there are none", { ...least, backend: "tfjs/wasm", threads: 2 }],
    ["a file as plugin", { ...least, plugins: ["./mine.js"] }],
    ["a plugin that is not there", { ...least, plugins: ["semblance-nobody-wrote-this"] }],
  ])("refuses %s", async (name, value) => {
    expect({ [name]: await told(value) }).toMatchSnapshot();
  });

  it("names both plugins that claim a name", async () => {
    const { catalogue } = await resolve(least);
    const twin = definePlugin({
      name: "twin",
      version: "1.0.0",
      core: "*",
      register: (registry) => registry.add(catalogue.get("model", "mlp")),
    });
    const source = jobFrom(least, { name: "job.yaml", folder: "/jobs" });
    await expect(resolveJob(source, [twin])).rejects.toMatchObject({
      code: "NAME_TAKEN",
      message: expect.stringMatching(/@semblance\/models.*twin/),
    });
  });
});
