import { z } from "zod";
import { KINDS } from "../contracts/entry.js";
import { DataError } from "../errors.js";
import type { NumberArray } from "./named-arrays.js";

const array = z.object({ shape: z.array(z.int().min(0)), data: z.array(z.number()) });
const arrays = z.record(z.string(), array);

const caseSchema = z.object({
  id: z.string(),
  kind: z.enum(KINDS),
  name: z.string(),
  config: z.record(z.string(), z.unknown()).default({}),
  inputs: z.record(z.string(), z.union([array, arrays])),
  expected: z
    .object({
      value: z.number().optional(),
      matrix: array.optional(),
      triplets: array.optional(),
      pairs: array.optional(),
      probabilities: array.optional(),
      gradients: z.record(z.string(), z.union([array, arrays])).optional(),
    })
    .catchall(z.unknown())
    .optional(),
  tolerance: z.object({ float64: z.number().positive(), float32: z.number().positive() }).optional(),
  source: z.string().optional(),
  note: z.string().optional(),
});

/** A named thing to evaluate on given arrays, and what should come out: one entry of a case file. */
export type Case = z.infer<typeof caseSchema>;

/**
 * The cases of a file's JSON text.
 *
 * @throws DataError CASES_INVALID naming the case and the key at fault.
 */
export function parseCases(json: string, file: string): Case[] {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (cause) {
    throw new DataError("CASES_INVALID", `the file is not JSON: ${(cause as Error).message}`, {
      where: file,
      fix: "Write a JSON array of cases.",
      cause,
    });
  }
  const result = z.array(caseSchema).safeParse(raw);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const [index, ...path] = issue!.path;
  const id = Array.isArray(raw) ? (raw[Number(index)] as { id?: unknown } | null)?.id : undefined;
  throw new DataError("CASES_INVALID", `${path.join(".") || "the file"}: ${issue!.message}`, {
    where: id === undefined ? file : `${file}, case "${String(id)}"`,
    fix: "A case has id, kind, name, config, inputs and expected; arrays are { shape, data }.",
  });
}

export function isArray(value: NumberArray | Readonly<Record<string, NumberArray>>): value is NumberArray {
  return Array.isArray((value as NumberArray).shape);
}
