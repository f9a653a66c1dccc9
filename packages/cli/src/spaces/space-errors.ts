import { ConfigError, DataError } from "@semblance/core";

export const withoutEmbeddings = (model: string) =>
  new ConfigError("MODEL_WITHOUT_EMBEDDINGS", `model "${model}" has no embeddings`, {
    where: `model "${model}"`,
    fix: "Train a model with hidden layers, such as mlp, or with a loss that compares embeddings.",
  });

export const labelsNeeded = (name: string, what: string) =>
  new ConfigError("LABELS_MISSING", `${what} needs the classes of the rows, and ${name} has none`, {
    where: name,
    fix: "Name them: --labels COLUMN|FILE.",
  });

export const kBeyondGallery = (k: number, others: number, withoutItself: boolean) =>
  new DataError(
    "K_EXCEEDS_GALLERY",
    `${k} neighbours are asked for, and there ${others === 1 ? "is 1 row" : `are ${others.toLocaleString("en")} rows`}${withoutItself ? " beside the query" : ""}`,
    { where: "--k", fix: others >= 1 ? `Ask for 1 to ${others}.` : "Give more rows to look among." },
  );
