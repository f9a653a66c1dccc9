/** What a report shows. Plain data: whoever ran the job fills it in, and nothing here reads a file. */
export interface ReportInput {
  readonly title: string;
  /** The resolved job. */
  readonly job: unknown;
  readonly environment: Readonly<Record<string, string>>;
  readonly summary: readonly SummaryItem[];
  readonly baseline?: Baseline;
  readonly lossCurve: readonly LossPoint[];
  /** What the number that the curve shows is, in a sentence. */
  readonly lossMeaning?: string;
  readonly clusters: readonly ClusterRow[];
  /** The largest posterior of every row. */
  readonly confidence: readonly number[];
  readonly confusion?: ConfusionTable;
  readonly projection?: Projection;
  /** The rows that the model was least sure of, or got most wrong, in the order to show them. */
  readonly worst: readonly WorstCase[];
  readonly explanation: Explanation;
  readonly warnings: readonly string[];
}

export interface SummaryItem {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** Scores next to those of a simpler method. */
export interface Baseline {
  /** What the second column is called, such as "k-means". */
  readonly name: string;
  readonly rows: readonly {
    readonly measure: string;
    readonly ours: number;
    readonly baseline: number;
    readonly higherIsBetter: boolean;
  }[];
}

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

export interface ClusterRow {
  readonly index: number;
  readonly size: number;
  readonly meanConfidence: number;
}

/** `counts[i][j]`: rows of class `rowNames[i]` in the cluster that `columnNames[j]` names. */
export interface ConfusionTable {
  readonly rowNames: readonly string[];
  readonly columnNames: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** A point per row, and the shares of the variance that the two axes explain. */
export interface Projection {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly cluster: ArrayLike<number>;
  /** Shown when a point is pointed at. */
  readonly label?: readonly string[];
  readonly explained: readonly number[];
}

export interface WorstCase {
  readonly row: number;
  readonly cluster: number;
  readonly confidence: number;
  readonly label?: string;
  readonly runnerUp: number;
  /** Row-major, 0 = paper, 1 = ink. */
  readonly picture?: { readonly height: number; readonly width: number; readonly pixels: ArrayLike<number> };
}

/** What the loss is, in words and as a formula. */
export interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly formula: string;
  readonly source: string;
}
