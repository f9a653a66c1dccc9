import { Key } from "@semblance/core";
import { confusionMatrix, kMeans, measures, principalComponents, type ReportInput } from "../src/index.js";
import { readDigits } from "./digits.js";

/** A report of the digits, with k-means in the place of a network and a softmax of its distances as posteriors. */
export function sampleReport(): ReportInput {
  const { data, labels } = readDigits();
  const rows = labels.length;
  const { labels: clusters, centres } = kMeans({ data, clusters: 10, key: Key.fromSeed(1) });
  const single = kMeans({ data, clusters: 10, key: Key.fromSeed(6), restarts: 1, maxIterations: 2 });
  const posteriors = Array.from({ length: rows }, (_, row) => {
    const weights = Array.from({ length: 10 }, (_unused, k) => {
      let sum = 0;
      for (let d = 0; d < 64; d++) sum += (data.data[row * 64 + d]! - centres.data[k * 64 + d]!) ** 2;
      return Math.exp(-sum / 120);
    });
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  });
  const confidence = posteriors.map((p) => Math.max(...p));
  const score = (name: string, predicted: ArrayLike<number>) => {
    const measure = measures.find((candidate) => candidate.name === name)!;
    return measure.compute({ truth: labels, predicted }, measure.config.parse({}));
  };
  const { scores, explainedVariance } = principalComponents(data);
  const table = confusionMatrix(labels, clusters);
  const noise = Key.fromSeed(3).stream();
  const shown = (name: string) => score(name, clusters).toFixed(3);
  return {
    title: "Digits, 10 clusters, gemini/mmd-ova",
    job: {
      task: "cluster",
      seed: 0,
      backend: "ort",
      data: { source: "builtin:digits", labels: "label", standardise: false },
      model: { name: "mlp", hidden: [1200], activation: "relu" },
      loss: { name: "gemini/mmd-ova", clusters: 10, kernel: "linear" },
      sampler: { name: "shuffle", batchSize: 500 },
      optimizer: { name: "adam", learningRate: 0.001 },
      epochs: 50,
      evaluate: { measures: ["ari", "nmi", "accuracy"], every: 10 },
    },
    environment: {
      "@semblance/cli": "0.1.0",
      node: "20.19.0",
      backend: "ort/cpu, onnxruntime-node 1.30.0",
      os: "linux x64",
    },
    summary: [
      { label: "Adjusted Rand index", value: shown("ari") },
      { label: "NMI", value: shown("nmi"), note: "arithmetic mean" },
      { label: "Accuracy", value: shown("accuracy"), note: "optimal matching" },
      { label: "Used clusters", value: "10 of 10" },
      { label: "Rows", value: "3,823", note: "labels used for scoring only" },
      { label: "Training time", value: "12.4 s", note: "50 epochs, 400 steps" },
    ],
    baseline: {
      name: "k-means",
      rows: ["ari", "nmi", "accuracy", "purity"].map((measure) => ({
        measure,
        ours: score(measure, clusters),
        baseline: score(measure, single.labels),
        higherIsBetter: true,
      })),
    },
    lossCurve: Array.from({ length: 2000 }, (_, step) => ({
      step: step + 1,
      loss: -0.9 + 0.8 * Math.exp(-step / 250) + 0.03 * noise.normal(),
    })),
    clusters: Array.from({ length: 10 }, (_, index) => {
      const members = confidence.filter((_value, row) => clusters[row] === index);
      return { index, size: members.length, meanConfidence: members.reduce((a, b) => a + b, 0) / members.length };
    }),
    confidence,
    confusion: {
      rowNames: table.classes.map((label) => `digit ${label}`),
      columnNames: table.clusters.map(String),
      counts: table.counts,
    },
    projection: {
      x: Array.from({ length: rows }, (_, row) => scores.data[2 * row]!),
      y: Array.from({ length: rows }, (_, row) => scores.data[2 * row + 1]!),
      cluster: Array.from(clusters),
      explained: explainedVariance,
    },
    worst: [...confidence.keys()]
      .sort((a, b) => confidence[a]! - confidence[b]!)
      .slice(0, 12)
      .map((row) => ({
        row,
        cluster: clusters[row]!,
        confidence: confidence[row]!,
        label: `digit ${labels[row]}`,
        runnerUp: posteriors[row]!.indexOf([...posteriors[row]!].sort((a, b) => b - a)[1]!),
        picture: { height: 8, width: 8, pixels: Array.from(data.data.slice(row * 64, row * 64 + 64), (v) => v / 16) },
      })),
    explanation: {
      what: "A network that assigns every row to one of ten clusters, trained to make the distribution of the data inside each cluster as different as possible from the distribution of all data, measured by the maximum mean discrepancy.",
      why: "The distance lets geometry in: with the linear kernel the objective separates the means of the clusters, which suits images whose classes differ in where the ink is. It needs no labels, no augmentation and no balancing term.",
      formula: "I(θ) = E_{y ~ p(y)} [ MMD( p(x | y) ‖ p(x) ) ]        minimised as −I",
      source:
        "Ohl, Mattei, Bouveyron, et al., Generalised Mutual Information for Discriminative Clustering, NeurIPS 2022, equation 8",
    },
    warnings: ["Labels were used to choose nothing: the last epoch is reported, not the best one."],
  };
}
