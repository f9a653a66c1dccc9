import { ConfigError } from "@semblance/core";
import type { MetricLearning } from "../metric-learning.js";

/** A setting with the score of its best epoch on the rows that were held out. */
export interface ScoredSetting<Setting> {
  readonly setting: Setting;
  readonly score: number;
}

/** The best of several settings. */
export interface BestSetting<Setting> extends ScoredSetting<Setting> {
  /** All of them with their scores, in the order given. */
  readonly all: readonly ScoredSetting<Setting>[];
}

/**
 * Fits settings one after another and chooses by the score on held-out rows, of equal ones the first. The estimators are disposed of: fit the
 * best again, for longer perhaps.
 *
 * @param settings at least one
 * @param fit an estimator with `validation` among its options, fitted with a setting; all by the same measure and the same held-out rows
 * @throws ConfigError SETTINGS_MISSING, VALIDATION_MISSING, and whatever `fit` throws
 */
export async function selectBest<Setting>(
  settings: readonly Setting[],
  fit: (setting: Setting) => Promise<MetricLearning>,
): Promise<BestSetting<Setting>> {
  const all: ScoredSetting<Setting>[] = [];
  for (const setting of settings) {
    await using estimator = await fit(setting);
    const score = estimator.history?.selected?.score;
    if (score === undefined) {
      throw new ConfigError("VALIDATION_MISSING", "a setting was fitted without rows held out to score it by", {
        where: `selectBest, setting ${all.length} (counted from 0)`,
        fix: "Pass validation to MetricLearning: { validation: {} } holds out a tenth of the rows.",
      });
    }
    all.push({ setting, score });
  }
  const [first, ...others] = all;
  if (!first) {
    throw new ConfigError("SETTINGS_MISSING", "there are no settings to choose from", {
      where: "selectBest",
      fix: "Give at least one.",
    });
  }
  // Measures of neighbours are shares of hits: the highest is the best.
  const best = others.reduce((most, each) => (each.score > most.score ? each : most), first);
  return { ...best, all };
}
