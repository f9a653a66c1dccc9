import { ConfigError } from "@semblance/core";
import type { z } from "zod";
import { nearestName } from "../names/nearest-name.js";

/**
 * The checked configuration of the sampler called `name`, with defaults filled in.
 *
 * Errors   CONFIG_INVALID
 */
export function parseSamplerConfig<Shape extends z.ZodRawShape>(
  name: string,
  schema: z.ZodObject<Shape, z.core.$strict>,
  config: unknown,
): z.output<z.ZodObject<Shape, z.core.$strict>> {
  const result = schema.safeParse(config);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const key = issue.path.join(".");
  const known = Object.keys(schema.shape);
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys[0]!;
    const near = nearestName(unknown, known);
    throw new ConfigError("CONFIG_INVALID", `sampler "${name}" has no key "${unknown}"`, {
      where: `sampler.${unknown}`,
      fix: near === undefined ? `Its keys are ${known.join(", ")}.` : `Did you mean "${near}"?`,
    });
  }
  const where = key === "" ? "sampler" : `sampler.${key}`;
  throw new ConfigError("CONFIG_INVALID", `sampler "${name}": ${key || "configuration"}: ${issue.message}`, {
    where,
    fix: `Its keys are ${known.join(", ")}; correct the value of ${key || "the configuration"}.`,
  });
}
