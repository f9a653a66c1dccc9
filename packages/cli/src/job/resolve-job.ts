import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  CATALOGUE,
  type Catalogue,
  type ComponentReference,
  ConfigError,
  type Entry,
  jsonSchemaOf,
  KINDS,
  type Kind,
  type Plugin,
  suggest,
} from "@semblance/core";
import { type Container, compose } from "../compose.js";
import { withFiles } from "./component-files.js";
import { withPairs } from "./expand-pairs.js";
import { type Component, type Job, jobSchema, regulariserKeys } from "./job-schema.js";
import type { JobSource } from "./job-source.js";
import { loadPlugins } from "./load-plugins.js";
import { parseLocated } from "./parse-located.js";
import { requireEmbeddings, withMeasure } from "./resolve-validation.js";

/** A checked job and the container with everything that it names. */
export interface ResolvedJob {
  readonly job: Job;
  readonly container: Container;
  readonly catalogue: Catalogue;
  /** The folder that its plugins were found from. */
  readonly folder: string;
}

/**
 * Checks a job and fills in every default: of the job and of all components that it names. Resolving the result again gives the
 * same. A plugin that is handed over is not looked for where the job names it too.
 *
 * @throws ConfigError CONFIG_INVALID, CONFIG_KEY_UNKNOWN, JOB_KEY_MISSING, NAME_UNKNOWN, TASK_NOT_AVAILABLE
 * @throws PluginError when a plugin is not installed, fails or claims a taken name
 */
export async function resolveJob(source: JobSource, plugins: readonly Plugin[] = []): Promise<ResolvedJob> {
  const { $schema: _, ...parsed } = parseLocated(jobSchema, source.value, source);
  if (parsed.task !== "cluster" && parsed.task !== "metric") {
    throw new ConfigError("TASK_NOT_AVAILABLE", `task "${parsed.task}" is not available in this version`, {
      where: source.locate(["task"]),
      fix: "Use task: cluster or metric, or a later version of Semblance.",
    });
  }
  const given = new Set(plugins.map(({ name }) => name));
  const named = parsed.plugins.filter((name) => !given.has(name));
  const container = compose([...plugins, ...(await loadPlugins(named, source.folder))]);
  const catalogue = container.resolve<Catalogue>(CATALOGUE);
  const choose = (kind: Kind, reference: ComponentReference, path: readonly string[]) =>
    component(catalogue, kind, reference, path, source);

  const { regularisers, miner, warmup, stages, validation, sampler: asked, ...rest } = parsed;
  const { name, learningRate, lossLearningRate, schedule, clipNorm, ...own } = parsed.optimizer;
  requireOwnKeys(catalogue, name, own, source);
  // What suits a metric loss depends on what is known of the rows.
  const sampler = asked ?? (parsed.task === "metric" ? undefined : STANDARD_SAMPLER);
  const job: Job = {
    ...rest,
    backend: backend(catalogue, parsed.backend, parsed.threads, source),
    data: { ...parsed.data, ...pathsFrom(source.folder, parsed.data) },
    model: choose("model", parsed.model, ["model"]),
    loss: choose("loss", miner === undefined ? parsed.loss : withMiner(catalogue, parsed.loss, miner, source), [
      "loss",
    ]),
    ...(sampler === undefined ? {} : { sampler: choose("sampler", sampler, ["sampler"]) }),
    ...(warmup ? { warmup: { ...warmup, loss: choose("loss", warmup.loss, ["warmup", "loss"]) } } : {}),
    ...(warmup === false ? { warmup } : {}),
    ...(validation ? { validation: withMeasure(validation, (measure, path) => choose("measure", measure, path)) } : {}),
    ...(stages
      ? {
          stages: stages.map((stage, index) => ({
            ...stage,
            loss: choose("loss", stage.loss, ["stages", String(index), "loss"]),
          })),
        }
      : {}),
    optimizer: {
      ...choose("optimizer", { name, ...own }, ["optimizer"]),
      learningRate,
      ...(lossLearningRate === undefined ? {} : { lossLearningRate }),
      schedule: choose("schedule", schedule, ["optimizer", "schedule"]),
      ...(clipNorm === undefined ? {} : { clipNorm }),
    },
    ...(regularisers && regularisers.length > 0
      ? {
          regularisers: await Promise.all(
            regularisers.map((each, index) => regulariser(catalogue, each, index, source)),
          ),
        }
      : {}),
    evaluate: {
      every: parsed.evaluate.every,
      ...(parsed.evaluate.measures
        ? {
            measures: parsed.evaluate.measures.map((measure, index) =>
              choose("measure", measure, ["evaluate", "measures", String(index)]),
            ),
          }
        : {}),
    },
  };
  if (job.path) requirePathAlone(job, source);
  if (job.validation) requireEmbeddings(job, source);
  // Keys that hold undefined would vanish from job.json and come back as another object.
  return { job: JSON.parse(JSON.stringify(job)) as Job, container, catalogue, folder: source.folder };
}

const STANDARD_SAMPLER = { name: "shuffle", batchSize: 500 };

/**
 * The loss with the miner that stands beside it.
 *
 * @throws ConfigError MINER_UNUSED, MINER_TWICE
 */
function withMiner(
  catalogue: Catalogue,
  loss: ComponentReference,
  miner: ComponentReference,
  source: JobSource,
): ComponentReference {
  const { name, ...keys } = typeof loss === "string" ? { name: loss } : loss;
  const known = jsonSchemaOf(catalogue.get("loss", name, source.locate(["loss"])).config).properties ?? {};
  const refuse = (code: string, message: string, fix: string) =>
    new ConfigError(code, message, { where: source.locate(["miner"]), fix });
  // By itself first: a fault of it is told where it stands, and not at the loss.
  component(catalogue, "miner", miner, ["miner"], source);
  // A loss that is made for some miners alone calls them by name.
  const key = ["miner", "mining"].find((candidate) => candidate in known);
  if (key === undefined) {
    throw refuse(
      "MINER_UNUSED",
      `loss "${name}" takes no miner`,
      "Leave miner out, or choose a loss with a key miner.",
    );
  }
  if (key in keys) {
    throw refuse("MINER_TWICE", "the miner stands in the loss too", "Name it in one of the two places.");
  }
  return { name, ...keys, [key]: key === "mining" && typeof miner !== "string" ? miner.name : miner };
}

/** A component with its keys checked and completed, and so are the components inside it. */
function component(
  catalogue: Catalogue,
  kind: Kind,
  reference: ComponentReference,
  path: readonly string[],
  source: JobSource,
): Component {
  const { name, ...keys } = typeof reference === "string" ? { name: reference } : reference;
  const entry: Entry = catalogue.get(kind, name, source.locate(path));
  const config = parseLocated(entry.config, keys, source, path) as Record<string, unknown>;
  for (const [key, value] of Object.entries(config)) {
    const inner = KINDS.find((candidate) => candidate === key);
    if (inner && isReference(value) && catalogue.list(inner).length > 0) {
      component(catalogue, inner, value, [...path, key], source);
    }
  }
  return { name, ...withFiles(entry, config, source, path) };
}

/** A regulariser's weight stands beside its own keys. */
async function regulariser(
  catalogue: Catalogue,
  reference: ComponentReference,
  index: number,
  source: JobSource,
): Promise<Component & { readonly weight: number }> {
  const { weight: given, ...own } = typeof reference === "string" ? { name: reference } : reference;
  const path = ["regularisers", String(index)];
  const { weight } = parseLocated(regulariserKeys, given === undefined ? {} : { weight: given }, source, path);
  const entry = catalogue.get("regulariser", own.name, source.locate(path));
  const { defaultWeight = 1 } = entry;
  const settled = component(catalogue, "regulariser", own, path, source);
  return { ...(await withPairs(entry, settled, source, path)), weight: weight ?? defaultWeight };
}

function isReference(value: unknown): value is ComponentReference {
  return typeof value === "string" || (typeof value === "object" && value !== null && "name" in value);
}

/** A path has a patience of its own, and one learning rate throughout. */
function requirePathAlone({ earlyStopping, optimizer, validation }: Job, source: JobSource): void {
  const refuse = (key: readonly string[], fix: string): never => {
    throw new ConfigError("PATH_CONFLICT", `"${key.join(".")}" does not go with "path"`, {
      where: source.locate(key),
      fix,
    });
  };
  if (earlyStopping) refuse(["earlyStopping"], "Leave it out: path.patience ends the steps of a path.");
  if (validation) refuse(["validation"], "Leave it out: a path keeps the model of its last good step.");
  if (optimizer.schedule.name !== "constant") {
    refuse(["optimizer", "schedule"], "Leave it out: a path has one learning rate.");
  }
}

/** The optimizer's own keys stand beside those of the job, so a misspelt one may have been meant for either. */
function requireOwnKeys(catalogue: Catalogue, name: string, own: Record<string, unknown>, source: JobSource): void {
  const entry = catalogue.get("optimizer", name, source.locate(["optimizer", "name"]));
  const known = Object.keys(jsonSchemaOf(entry.config).properties ?? {});
  const unknown = Object.keys(own).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new ConfigError("CONFIG_KEY_UNKNOWN", `unknown key "${unknown}"`, {
    where: source.locate(["optimizer", unknown]),
    fix: suggest(unknown, [...known, "learningRate", "lossLearningRate", "schedule", "clipNorm"]),
  });
}

function backend(
  catalogue: Catalogue,
  reference: ComponentReference,
  threads: number | undefined,
  source: JobSource,
): Component {
  const { name, ...keys } = typeof reference === "string" ? { name: reference } : reference;
  const entry = catalogue.get("backend", name, source.locate(["backend"]));
  if (threads !== undefined && !jsonSchemaOf(entry.config).properties?.threads) {
    throw new ConfigError("THREADS_NOT_SUPPORTED", `backend "${name}" does not let its threads be chosen`, {
      where: source.locate(["threads"]),
      fix: "Leave threads out, or choose backend ort.",
    });
  }
  return component(catalogue, "backend", { name, ...keys }, ["backend"], source);
}

/** Paths as they are seen from the job's folder. What names no file there may be a column, or is reported by who reads it. */
function pathsFrom(
  folder: string,
  { source, labels, ids, affinity, pairs, triplets }: Job["data"],
): { source: string; labels?: string; ids?: string; affinity?: string; pairs?: string; triplets?: string } {
  const seen = (name: string | number) => {
    const looksLikeFile = typeof name === "string" && /[\\/]|\.[a-z0-9]+$/i.test(name);
    return looksLikeFile && existsSync(resolve(folder, name)) ? resolve(folder, name) : String(name);
  };
  return {
    source: source.startsWith("builtin:") ? source : resolve(folder, source),
    ...(labels === undefined ? {} : { labels: seen(labels) }),
    ...(ids === undefined ? {} : { ids: seen(ids) }),
    ...(affinity === undefined ? {} : { affinity: resolve(folder, affinity) }),
    ...(pairs === undefined ? {} : { pairs: resolve(folder, pairs) }),
    ...(triplets === undefined ? {} : { triplets: resolve(folder, triplets) }),
  };
}
