import { ConfigError } from "@semblance/core";

export const notFitted = (method: string) =>
  new ConfigError("NOT_FITTED", `${method} was called before fit`, {
    where: `GeminiClustering.${method}`,
    fix: "Call await estimator.fit(data) first, or load a saved estimator.",
  });

export const disposedOf = (method: string) =>
  new ConfigError("ESTIMATOR_DISPOSED", `${method} was called after dispose`, {
    where: `GeminiClustering.${method}`,
    fix: "Dispose when the work is done; save before, and load again.",
  });
