import {
  type Catalogue,
  type Checkpoint,
  ConfigError,
  type DivergenceOrder,
  divergenceWeights,
  encodeCheckpoint,
  LOSS,
  MODEL,
  type NdArray,
  Predictor,
} from "@semblance/core";
import { compose, type OpenBackend, openBackend } from "./compose.js";
import { type Description, metricOptionsOf } from "./description.js";
import { notFitted } from "./errors.js";
import type { ExportedModel } from "./export-model.js";
import type { Fitted, History } from "./fit-learner.js";
import {
  checkpointOf,
  descriptionOf,
  exportFitted,
  preparedRows,
  requireTask,
  savedCheckpoint,
} from "./keep-fitted.js";
import { learnedFrom, trainedModel } from "./learned.js";
import { Comparer, type Neighbours } from "./metric/comparer.js";
import { comparisonOf } from "./metric/comparison.js";
import { type FitMetricOptions, fitMetric } from "./metric/fit-metric.js";
import { settleNeighbourOptions } from "./metric/neighbour-options.js";
import { type MetricLearningOptions, type SettledMetricOptions, settleMetricOptions } from "./metric/options.js";
import { requireKnownKeys } from "./metric/supervise.js";
import type { Rows } from "./rows.js";
import { weightsFor } from "./trained-model.js";
import { Turns } from "./turns.js";

/** What a saved estimator cannot hold: live objects. */
export type LoadMetricOptions = Pick<MetricLearningOptions, "backend" | "plugins" | "onEvent">;

export interface NeighbourOptions {
  /** How many neighbours of each query. */
  readonly k: number;
  /** Rows to look among; the queries themselves where it is left out, each without itself. */
  readonly gallery?: Rows;
  /** Which argument of the divergence the query is; what the loss was trained with by default. */
  readonly order?: DivergenceOrder;
}

interface Ready extends Fitted {
  readonly catalogue: Catalogue;
  readonly predictor: Predictor;
  readonly comparer: Comparer;
}

/**
 * Learns a distance from rows of which it is known which belong together: a network embeds rows, and a divergence, which may be learned with
 * it and need not be symmetric, compares embeddings.
 *
 * A backend named by an option is made by the first call that needs it and given back by `dispose` (`await using` does it); one that was
 * passed stays the caller's. Calls may overlap; they are done one after another.
 *
 * Errors   ConfigError for options, names and NOT_FITTED; DataError for rows and what is known of them; BackendUnavailableError
 * Source   Cilingir, Manzelli, Kulis, Deep Divergence Learning (ICML 2020)
 */
export class MetricLearning {
  readonly #options: SettledMetricOptions;
  readonly #turns = new Turns("MetricLearning");
  #backend: OpenBackend | undefined;
  #ready: Ready | undefined;
  #history: History | undefined;

  /** @throws ConfigError CONFIG_INVALID, CONFIG_KEY_UNKNOWN */
  constructor(options: MetricLearningOptions = {}) {
    this.#options = settleMetricOptions(options);
  }

  /**
   * Learns from rows with their labels, or pairs, triplets or several labels for a row; a second call begins anew.
   *
   * @throws ConfigError NAME_UNKNOWN, SUPERVISION_UNKNOWN, EMBEDDING_OUTSIDE_DOMAIN, …; DataError ONE_CLASS, PAIRS_CONTRADICT, ROW_UNKNOWN, …; DivergedError
   */
  async fit(rows: Rows, known: FitMetricOptions = {}): Promise<this> {
    return await this.#turns.take("fit", async () => {
      requireKnownKeys(known);
      const options = this.#options;
      const catalogue = await compose(options.plugins, options.backend);
      const { backend } = await this.#open(catalogue);
      try {
        const { fitted, history } = await fitMetric(rows, { ...known, options, catalogue, backend });
        await this.#use(fitted, catalogue);
        this.#history = history;
      } catch (error) {
        // Whoever wrote `await new MetricLearning(…).fit(…)` has nothing to dispose of.
        if (!this.#ready) await this.#close();
        throw error;
      }
      return this;
    });
  }

  /** How the last fit went; undefined before one, and of a loaded estimator. */
  get history(): History | undefined {
    return this.#history;
  }

  /** The embedding of each row [n, d]. */
  async embed(rows: Rows): Promise<NdArray> {
    return await this.#turns.take("embed", async () => await this.#embed(rows, "embed"));
  }

  /**
   * The divergence of each row of `a` from each row of `b` [n, m]: D(a, b), in this order of arguments. All pairs are returned, so that their
   * number is limited by memory; `neighbours` is not.
   */
  async divergence(a: Rows, b: Rows): Promise<NdArray<"float64">> {
    return await this.#turns.take("divergence", async () => {
      const first = await this.#embed(a, "divergence");
      const second = await this.#embed(b, "divergence");
      return await this.#fitted("divergence").comparer.matrix(first, second);
    });
  }

  /** The nearest rows of each query, by the divergence. @throws ConfigError CONFIG_INVALID, CONFIG_KEY_UNKNOWN; DataError K_EXCEEDS_GALLERY */
  async neighbours(queries: Rows, options: NeighbourOptions): Promise<Neighbours> {
    const { gallery } = options ?? {};
    const { k, order } = settleNeighbourOptions(options);
    return await this.#turns.take("neighbours", async () => {
      const { comparer } = this.#fitted("neighbours");
      return await comparer.neighbours(await this.#embed(queries, "neighbours"), {
        k,
        ...(gallery === undefined ? {} : { gallery: await this.#embed(gallery, "neighbours") }),
        ...(order === undefined ? {} : { order }),
      });
    });
  }

  /** The trained model and divergence as bytes. The same fit gives the same bytes. */
  async save(): Promise<Uint8Array> {
    return await this.#turns.take("save", async () => await encodeCheckpoint(this.#checkpoint("save")));
  }

  /**
   * What `save` gave. The plugins it was made with are passed again.
   *
   * @throws CheckpointError CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN, CHECKPOINT_VERSION
   */
  static async load(bytes: Uint8Array, options: LoadMetricOptions = {}): Promise<MetricLearning> {
    const checkpoint = await savedCheckpoint(bytes);
    const description = descriptionOf(checkpoint, "the saved estimator");
    return await MetricLearning.restore(description, checkpoint, options);
  }

  /** From its parts: what a run folder keeps as `job.json` and in `checkpoints`. */
  static async restore(
    description: Description,
    checkpoint: Pick<Checkpoint, "notes" | "arrays" | "step">,
    { backend = description.backend, plugins = [], onEvent }: LoadMetricOptions = {},
  ): Promise<MetricLearning> {
    requireTask(description, "metric");
    const learned = learnedFrom(checkpoint.notes, "the saved estimator");
    const estimator = new MetricLearning({
      ...metricOptionsOf(description),
      backend,
      plugins,
      ...(onEvent ? { onEvent } : {}),
    });
    const catalogue = await compose(plugins, backend);
    await estimator.#open(catalogue);
    try {
      await estimator.#use({ description, learned, state: checkpoint.arrays, steps: checkpoint.step }, catalogue);
    } catch (error) {
      await estimator.#close();
      throw error;
    }
    return estimator;
  }

  /** The parts of a fitted estimator, for whoever keeps them elsewhere. */
  parts(): { readonly description: Description; readonly checkpoint: Checkpoint } {
    return { description: this.#fitted("parts").description, checkpoint: this.#checkpoint("parts") };
  }

  /**
   * Model and divergence as one ONNX file. It takes rows as they are (`data` [rows, …item]) and the embeddings of a gallery (`gallery`
   * [galleryRows, d]), and gives `embeddings` [rows, d], `divergences` [rows, galleryRows], which is D(row, gallery), and where the divergence
   * is not symmetric `reverseDivergences`, which is D(gallery, row).
   *
   * @param rows to check the file with before it is handed out, such as the training rows
   * @throws BackendUnavailableError ORT_PACKAGE_MISSING; BackendError EXPORT_ROWS_FIXED, EXPORT_MISMATCH
   */
  async exportOnnx(rows: Rows): Promise<ExportedModel> {
    return await this.#turns.take("exportOnnx", async () => {
      const fitted = this.#fitted("exportOnnx");
      return await exportFitted(fitted, this.#backend!.backend, rows, {
        comparison: comparisonOf(fitted.catalogue, fitted.description.loss),
      });
    });
  }

  /** Gives back the backend that was made here, and whatever was compiled. Later calls are refused. */
  async dispose(): Promise<void> {
    await this.#turns.end(async () => await this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #open(catalogue: Catalogue): Promise<OpenBackend> {
    this.#backend ??= await openBackend(catalogue, this.#options.backend);
    return this.#backend;
  }

  async #use(fitted: Fitted, catalogue: Catalogue): Promise<void> {
    const { backend } = this.#backend!;
    const { description, learned, state } = fitted;
    const predictor = new Predictor(backend, trainedModel(catalogue, description.model, learned));
    await predictor.use(weightsFor(backend, state));
    const comparer = new Comparer({
      catalogue,
      backend,
      comparison: comparisonOf(catalogue, description.loss),
      weights: divergenceWeights(state),
    });
    await this.#release();
    this.#ready = { ...fitted, catalogue, predictor, comparer };
  }

  async #release(): Promise<void> {
    await this.#ready?.predictor.dispose();
    await this.#ready?.comparer.dispose();
  }

  async #close(): Promise<void> {
    await this.#release();
    if (this.#backend?.owned) await this.#backend.backend.dispose();
    this.#ready = undefined;
    this.#backend = undefined;
  }

  #fitted(method: string): Ready {
    if (!this.#ready) throw notFitted("MetricLearning", method);
    return this.#ready;
  }

  async #embed(rows: Rows, method: string): Promise<NdArray> {
    const { predictor, description } = this.#fitted(method);
    const { embeddings } = await predictor.predict(preparedRows(this.#fitted(method), rows));
    if (embeddings) return embeddings;
    const where = `model "${description.model.name}"`;
    throw new ConfigError("MODEL_WITHOUT_EMBEDDINGS", `${where} has no embeddings`, {
      where,
      fix: "Train a model with hidden layers, such as mlp, or with a loss that compares embeddings.",
    });
  }

  #checkpoint(method: string): Checkpoint {
    return checkpointOf(this.#fitted(method), [MODEL, LOSS]);
  }
}
