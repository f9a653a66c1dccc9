import type { LevelSets } from "../pictures/level-sets.js";
import type { PairDistances } from "../statistics/pair-distances.js";

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
  /** Scores along the way, where there were some. */
  readonly scoreCurves?: ScoreCurves;
  /** Left out where nothing was clustered. */
  readonly clusters?: readonly ClusterRow[];
  /** The largest posterior of every row, where there are posteriors. */
  readonly confidence?: readonly number[];
  readonly confusion?: ConfusionTable;
  readonly projection?: Projection;
  /** The rows that the model was least sure of, or got most wrong, in the order to show them. */
  readonly worst?: readonly WorstCase[];
  /** What was learned about neighbours. */
  readonly neighbours?: NeighbourReport;
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
    /** What the change lies in with a probability of `level`, where that was worked out. */
    readonly interval?: { readonly low: number; readonly high: number; readonly level: number };
  }[];
}

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** Scores over the epochs, counted from 1, with 0 for the start; measures that share a scale, such as those of at most 1. */
export interface ScoreCurves {
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly { readonly epoch: number; readonly score: number }[];
  }[];
  /** The epoch whose weights were kept, where it was chosen. */
  readonly kept?: number;
  /** Of which rows they are. */
  readonly note?: string;
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
  /** What a row is coloured by: its cluster, or its class where `classes` names those. */
  readonly cluster: ArrayLike<number>;
  readonly classes?: readonly string[];
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
  readonly picture?: GreyPicture;
}

export interface GreyPicture {
  readonly height: number;
  readonly width: number;
  /** Row-major, 0 = paper, 1 = ink. */
  readonly pixels: ArrayLike<number>;
}

/** What a report shows of neighbours, before and after a distance was learned. Each part is left out where it is not given. */
export interface NeighbourReport {
  /** What is compared by what on either side, such as "features by euclidean" and "embeddings by max-affine". */
  readonly sides?: { readonly before: string; readonly after: string };
  /** Rows in the plane, by several methods. */
  readonly views?: readonly PlaneView[];
  /** What has to be said of all of them, such as which rows are drawn. */
  readonly viewsNote?: string;
  /** Divergences of pairs of the same class and of different ones, such as those of "before" and of "after". */
  readonly distances?: readonly (PairDistances & { readonly name: string })[];
  /** Which pairs they are. */
  readonly distancesNote?: string;
  readonly sheets?: readonly RetrievalSheet[];
  /** How the queries were chosen, and which argument of the divergence they are. */
  readonly sheetsNote?: string;
  /** Functions of a plane: a learned φ, or the divergence from a point. */
  readonly levels?: readonly (LevelSets & { readonly title: string })[];
  /** Functions of one number: φ or the divergence from a point along a line. */
  readonly curves?: readonly FunctionCurves[];
}

/** The same rows in the plane before and after, each with its class. */
export interface PlaneView {
  /** The method, such as "PCA". */
  readonly name: string;
  readonly before: PlanePoints;
  readonly after: PlanePoints;
  /** The class of each point. */
  readonly classes: ArrayLike<number>;
  /** What classes are called, by their number; the numbers themselves without it. */
  readonly classNames?: readonly string[];
  /** Pairs of points that are known to belong together or not, drawn as lines. */
  readonly links?: readonly PlaneLink[];
}

export interface PlaneLink {
  /** Places in the arrays of the view. */
  readonly first: number;
  readonly second: number;
  readonly same: boolean;
}

export interface PlanePoints {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** The shares of the variance that the axes explain, where they explain some. */
  readonly explained?: readonly number[];
}

/** A query with the rows that it retrieves, the nearest first. */
export interface RetrievalSheet {
  readonly query: SheetItem;
  readonly found: readonly FoundItem[];
  /** What it retrieved before. */
  readonly before?: readonly FoundItem[];
}

export interface SheetItem {
  readonly row: number;
  /** What the row is called, where it has a name. */
  readonly name?: string;
  readonly label?: string;
  readonly picture?: GreyPicture;
}

export interface FoundItem extends SheetItem {
  readonly distance: number;
  /** Whether it belongs to the query; left out where nobody knows. */
  readonly hit?: boolean;
}

/** Functions over one axis, each a line. */
export interface FunctionCurves {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly x: ArrayLike<number>;
  readonly lines: readonly { readonly name: string; readonly y: ArrayLike<number> }[];
  /** Rows on the axis, with their classes. */
  readonly points?: { readonly x: ArrayLike<number>; readonly classes: ArrayLike<number> };
  readonly note?: string;
}

/** What the loss is, in words and as a formula. */
export interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly formula: string;
  readonly source: string;
}
