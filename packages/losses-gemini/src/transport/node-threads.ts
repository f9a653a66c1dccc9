/** What the pool needs of Node's worker threads. This package is also for browsers, and so built without Node's types. */
export interface NodeWorker {
  on(event: "message", listener: (message: unknown) => void): void;
  on(event: "error", listener: (error: unknown) => void): void;
  on(event: "exit", listener: (code: number) => void): void;
  postMessage(message: unknown): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<number>;
}

interface NodeThreads {
  readonly Worker: new (url: object, options: { readonly execArgv: readonly string[] }) => NodeWorker;
  readonly parentPort: {
    on(event: "message", listener: (message: unknown) => void): void;
    postMessage(message: unknown): void;
  } | null;
}

type NodeProcess = { getBuiltinModule?(name: string): unknown } | undefined;

function builtin(name: string): unknown {
  return (globalThis as { process?: NodeProcess }).process?.getBuiltinModule?.(name);
}

/** Node's worker threads; undefined elsewhere. Asked for when needed, so that a bundle for browsers names no module of Node's. */
export function nodeThreads(): NodeThreads | undefined {
  return builtin("node:worker_threads") as NodeThreads | undefined;
}

/** The address of a module beside another, as `Worker` takes it. */
export function moduleBeside(name: string, other: string): object {
  const { URL } = globalThis as unknown as { URL: new (name: string, base: string) => object };
  return new URL(name, other);
}

/** How many threads this process may well use; 1 outside Node. */
export function availableThreads(): number {
  const os = builtin("node:os") as { availableParallelism(): number } | undefined;
  return os?.availableParallelism() ?? 1;
}
