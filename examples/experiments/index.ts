import { categorical } from "./categorical.js";
import type { Experiment, Line } from "./experiment.js";
import { gaussianStudent } from "./gaussian-student.js";
import { iris } from "./iris.js";
import { mnist } from "./mnist.js";
import { mnistNeighbours } from "./mnist-neighbours.js";
import { omniglot } from "./omniglot.js";
import { type RetrievalExperiment, type RetrievalLine, retrievalTable } from "./retrieval.js";
import { tableOf as clusteringTable } from "./table.js";
import { twoMoons } from "./two-moons.js";

export const experiments: Readonly<Record<string, Experiment>> = {
  categorical,
  "gaussian-student": gaussianStudent,
  "two-moons": twoMoons,
  mnist,
  iris,
};

/** Those that learn a distance. */
export const retrievalExperiments: Readonly<Record<string, RetrievalExperiment>> = {
  omniglot,
  "mnist-neighbours": mnistNeighbours,
};

const learnsDistance = (line: Line | RetrievalLine): line is RetrievalLine => line.runs.some((run) => "scores" in run);

/** The lines of an experiment as a table. */
export function tableOf(lines: readonly (Line | RetrievalLine)[]): string {
  const retrieval = lines.filter(learnsDistance);
  return retrieval.length > 0 ? retrievalTable(retrieval) : clusteringTable(lines as readonly Line[]);
}

/** The main score of each run of a line. */
export function scoresOf(line: Line | RetrievalLine): number[] {
  return learnsDistance(line)
    ? line.runs.map(({ scores }) => Object.values(scores)[0]!)
    : line.runs.map(({ ari }) => ari);
}
