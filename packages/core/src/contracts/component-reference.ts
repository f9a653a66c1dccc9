import { z } from "zod";
import type { ComponentReference, Kind } from "./entry.js";

/** The schema of a component inside another's configuration; the container checks the component's own keys. */
export function componentReference(kind: Kind): z.ZodType<ComponentReference> {
  return z
    .union([z.string(), z.looseObject({ name: z.string() })])
    .describe(`a ${kind}: its name, or { name, …its keys }`);
}
