import {
  type Catalogue,
  type Checkpoint,
  encodeCheckpoint,
  evaluateLoss,
  MODEL,
  type NdArray,
  ndarray,
  Predictor,
  sizeOf,
} from "@semblance/core";
import { type Assignments, assignmentsOf } from "./assignments.js";
import { compose, type OpenBackend, openBackend } from "./compose.js";
import { type Description, optionsOf } from "./description.js";
import { notFitted } from "./errors.js";
import type { ExportedModel } from "./export-model.js";
import { type FitOptions, fitClustering } from "./fit-clustering.js";
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
import { type GeminiClusteringOptions, type SettledOptions, settleOptions } from "./options.js";
import { type Affinity, givenAffinity, givenRows, type Rows } from "./rows.js";
import { weightsFor } from "./trained-model.js";
import { Turns } from "./turns.js";

/** What a saved clustering cannot hold: live objects. */
export type LoadOptions = Pick<GeminiClusteringOptions, "backend" | "plugins" | "onEvent">;

interface Ready extends Fitted {
  readonly catalogue: Catalogue;
  readonly predictor: Predictor;
}

/**
 * Clusters rows without labels by generalised mutual information: a network is trained so that its clusters differ from each other, or from
 * the data as a whole, as much as the loss can tell. Any other clustering loss of a plugin will do as well.
 *
 * A backend named by an option is made by the first call that needs it and given back by `dispose` (`await using` does it); one that was
 * passed stays the caller's. Calls may overlap; they are done one after another.
 *
 * Errors   ConfigError for options, names and NOT_FITTED; DataError for rows, such as WIDTH_DIFFERS; BackendUnavailableError
 * Source   Ohl et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022
 */
export class GeminiClustering {
  readonly #options: SettledOptions;
  #backend: OpenBackend | undefined;
  #ready: Ready | undefined;
  #history: History | undefined;
  readonly #turns = new Turns("GeminiClustering");

  /** @throws ConfigError CONFIG_INVALID, CONFIG_KEY_UNKNOWN */
  constructor(options: GeminiClusteringOptions) {
    this.#options = settleOptions(options);
  }

  /**
   * Learns clusters of rows; a second call begins anew.
   *
   * @throws ConfigError MORE_CLUSTERS_THAN_ROWS, NAME_UNKNOWN, …; DataError; DivergedError LOSS_NOT_FINITE
   */
  async fit(rows: Rows, { affinity, signal }: FitOptions = {}): Promise<this> {
    return await this.#turns.take("fit", async () => {
      const options = this.#options;
      const catalogue = await compose(options.plugins, options.backend);
      const { backend } = await this.#open(catalogue);
      try {
        const { fitted, history } = await fitClustering(rows, {
          options,
          catalogue,
          backend,
          ...(affinity ? { affinity } : {}),
          ...(signal ? { signal } : {}),
        });
        await this.#use(fitted, catalogue);
        this.#history = history;
      } catch (error) {
        // Whoever wrote `await new GeminiClustering(…).fit(…)` has nothing to dispose of.
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

  /** The cluster of each row [n]: the column with the largest posterior, the first one on ties. */
  async predict(rows: Rows): Promise<Int32Array> {
    return await this.#turns.take("predict", async () => (await this.#assign(rows, "predict")).predicted);
  }

  /** The posteriors [n, k]: how likely each row is in each cluster. */
  async predictProbabilities(rows: Rows): Promise<NdArray<"float64">> {
    return await this.#turns.take(
      "predictProbabilities",
      async () => (await this.#assign(rows, "predictProbabilities")).posteriors,
    );
  }

  /**
   * The score of the predictions in the literature's sign: +G, larger is better, over all rows at once. A kernel without a feature map, and
   * every distance, then compares all pairs of rows.
   *
   * @param options.affinity the matrix [n, n] of a precomputed kernel or distance
   */
  async score(rows: Rows, options: { readonly affinity?: Affinity } = {}): Promise<number> {
    return await this.#turns.take("score", async () => {
      const { catalogue, description } = this.#fitted("score");
      const prepared = preparedRows(this.#fitted("score"), rows);
      const affinity = options.affinity ? givenAffinity(options.affinity) : givenRows(rows).dataset?.affinity;
      const { posteriors } = await this.#assignPrepared(prepared);
      const { entry } = catalogue.choose("loss", description.loss, "loss");
      const [count = 0, ...item] = prepared.shape;
      const data = ndarray("float32", [count, sizeOf(item)], prepared.data);
      const { value } = await evaluateLoss({
        catalogue,
        backend: this.#backend!.backend,
        loss: description.loss,
        inputs: {
          posteriors,
          ...(affinity ? { affinity } : entry.inputs.data ? { data } : {}),
        },
        gradients: [],
      });
      return entry.score ? entry.score(value) : -value;
    });
  }

  /** The trained clustering as bytes: weights, how rows are prepared, and the options. The same fit gives the same bytes. */
  async save(): Promise<Uint8Array> {
    return await this.#turns.take("save", async () => await encodeCheckpoint(this.#checkpoint("save")));
  }

  /**
   * What `save` gave, to predict with. The plugins it was made with are passed again.
   *
   * @throws CheckpointError CHECKPOINT_DAMAGED, CHECKPOINT_FOREIGN, CHECKPOINT_VERSION
   */
  static async load(bytes: Uint8Array, options: LoadOptions = {}): Promise<GeminiClustering> {
    const checkpoint = await savedCheckpoint(bytes);
    const description = descriptionOf(checkpoint, "the saved estimator");
    return await GeminiClustering.restore(description, checkpoint, options);
  }

  /** A clustering from its parts: what a run folder keeps as `job.json` and in `checkpoints`. */
  static async restore(
    description: Description,
    checkpoint: Pick<Checkpoint, "notes" | "arrays" | "step">,
    { backend = description.backend, plugins = [], onEvent }: LoadOptions = {},
  ): Promise<GeminiClustering> {
    requireTask(description, "cluster");
    const learned = learnedFrom(checkpoint.notes, "the saved estimator");
    const estimator = new GeminiClustering({
      ...optionsOf(description, learned.shape.outputs),
      backend,
      plugins,
      ...(onEvent ? { onEvent } : {}),
    });
    const options = estimator.#options;
    const catalogue = await compose(options.plugins, options.backend);
    await estimator.#open(catalogue);
    try {
      await estimator.#use({ description, learned, state: checkpoint.arrays, steps: checkpoint.step }, catalogue);
    } catch (error) {
      await estimator.#close();
      throw error;
    }
    return estimator;
  }

  /** The parts of a fitted clustering, for whoever keeps them elsewhere. */
  parts(): { readonly description: Description; readonly checkpoint: Checkpoint } {
    return { description: this.#fitted("parts").description, checkpoint: this.#checkpoint("parts") };
  }

  /**
   * The model as an ONNX file that takes rows as they are, and gives `posteriors` and `logits`.
   *
   * @param rows to check the file with before it is handed out, such as the training rows
   * @throws BackendUnavailableError ORT_PACKAGE_MISSING; BackendError EXPORT_ROWS_FIXED, EXPORT_MISMATCH
   */
  async exportOnnx(rows: Rows): Promise<ExportedModel> {
    return await this.#turns.take("exportOnnx", async () => {
      const fitted = this.#fitted("exportOnnx");
      return await exportFitted(fitted, this.#backend!.backend, rows);
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
    const predictor = new Predictor(backend, trainedModel(catalogue, fitted.description.model, fitted.learned));
    await predictor.use(weightsFor(backend, fitted.state));
    await this.#ready?.predictor.dispose();
    this.#ready = { ...fitted, catalogue, predictor };
  }

  async #close(): Promise<void> {
    await this.#ready?.predictor.dispose();
    if (this.#backend?.owned) await this.#backend.backend.dispose();
    this.#ready = undefined;
    this.#backend = undefined;
  }

  #fitted(method: string): Ready {
    if (!this.#ready) throw notFitted("GeminiClustering", method);
    return this.#ready;
  }

  async #assign(rows: Rows, method: string): Promise<Assignments> {
    return await this.#assignPrepared(preparedRows(this.#fitted(method), rows));
  }

  async #assignPrepared(features: NdArray): Promise<Assignments> {
    const { predictor, description } = this.#fitted("predict");
    return assignmentsOf(await predictor.predict(features), description.model.name);
  }

  #checkpoint(method: string): Checkpoint {
    return checkpointOf(this.#fitted(method), [MODEL]);
  }
}
