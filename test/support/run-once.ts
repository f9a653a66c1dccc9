import { type Arrays, type Backend, type Program, referenceBackend } from "@semblance/core";

/** Runs a program once, with the values of its carries. */
export async function runOnce(
  program: Program,
  feeds: Arrays,
  carries: Arrays = {},
  backend: Backend = referenceBackend(),
): Promise<Arrays> {
  const executable = await backend.compile(program);
  try {
    await executable.write(carries);
    return await executable.run(feeds);
  } finally {
    await executable.dispose();
  }
}
