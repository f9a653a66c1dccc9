import type { Backend } from "../contracts/backend.js";
import { referenceBackend } from "../reference/reference-backend.js";

/** Backends to run on, by the name that titles show. Each check makes its own and disposes of it. */
export type NamedBackends = Readonly<Record<string, () => Backend | Promise<Backend>>>;

/** The judge alone: what suites run on unless they are given more. */
export const REFERENCE_ONLY: NamedBackends = { reference: referenceBackend };

/** Makes a backend, lends it and disposes of it, whatever comes of it. */
export async function withBackend<Result>(
  make: () => Backend | Promise<Backend>,
  use: (backend: Backend) => Promise<Result>,
): Promise<Result> {
  const backend = await make();
  try {
    return await use(backend);
  } finally {
    await backend.dispose();
  }
}
