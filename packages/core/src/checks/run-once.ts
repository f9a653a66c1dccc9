import type { NdArray } from "../arrays/nd-array.js";
import type { Arrays, Backend } from "../contracts/backend.js";
import type { Program } from "../ir/program.js";

/** Compiles a program, runs it once and lets it go. Carries are taken from `feeds` by their names. */
export async function runOnce(backend: Backend, program: Program, feeds: Arrays): Promise<Record<string, NdArray>> {
  const executable = await backend.compile(program);
  try {
    const isCarry = (name: string) => Object.hasOwn(program.carries, name);
    const pick = (carries: boolean) =>
      Object.fromEntries(Object.entries(feeds).filter(([name]) => isCarry(name) === carries));
    await executable.write(pick(true));
    return await executable.run(pick(false));
  } finally {
    await executable.dispose();
  }
}
