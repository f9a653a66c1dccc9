import { ConfigError } from "@semblance/core";

/** @param owner the estimator's class */
export const notFitted = (owner: string, method: string) =>
  new ConfigError("NOT_FITTED", `${method} was called before fit`, {
    where: `${owner}.${method}`,
    fix: "Call await estimator.fit(data) first, or load a saved estimator.",
  });

export const disposedOf = (owner: string, method: string) =>
  new ConfigError("ESTIMATOR_DISPOSED", `${method} was called after dispose`, {
    where: `${owner}.${method}`,
    fix: "Dispose when the work is done; save before, and load again.",
  });
