import type { ComponentReference } from "@semblance/core";

/** A component with its keys, if it has any. */
export const named = (reference: ComponentReference): Exclude<ComponentReference, string> =>
  typeof reference === "string" ? { name: reference } : reference;
