import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * A peer in Python: a process that answers a line of JSON with a line of JSON. The Python is `python3`, or what SEMBLANCE_PYTHON names.
 *
 * @param {string} script a file of bench/peers
 * @param {{ needs: string, arguments?: readonly unknown[], environment?: Readonly<Record<string, string>> }} options `needs`: what must be
 *   installed, for the error
 */
export function pythonPeer(script, { needs, arguments: given = [], environment = {} }) {
  const file = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  const child = spawn(process.env.SEMBLANCE_PYTHON ?? "python3", [file, ...given.map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise((_, reject) => child.once("error", reject));
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) throw new Error(`the peer ${script} ended; is installed what it needs: ${needs}?`);
      return JSON.parse(value);
    },
    dispose: () => child.stdin.end(),
  };
}

/** An array as a peer reads it. */
export const base64 = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
