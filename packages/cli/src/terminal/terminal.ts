/** What a command may use of the outside world; the tests have one of their own. */
export interface Terminal {
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress and diagnostics. */
  readonly err: (text: string) => void;
  /** Whether diagnostics go to a screen, where a line can be drawn again. */
  readonly interactive: boolean;
  /** Whether results go to a screen. */
  readonly colors: { readonly out: boolean; readonly err: boolean };
  /** Calls a listener when the user asks to stop; the function returned ends that. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

/** The process's own streams and signals. */
export function processTerminal({ stdout, stderr, env }: NodeJS.Process = process): Terminal {
  const plain = env.NO_COLOR !== undefined && env.NO_COLOR !== "";
  const dumb = env.TERM === "dumb";
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    interactive: stderr.isTTY === true && !dumb,
    colors: { out: stdout.isTTY === true && !plain && !dumb, err: stderr.isTTY === true && !plain && !dumb },
    onInterrupt(listener) {
      // Once each: the second signal finds the system's own handling, which ends the process.
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, listener);
      return () => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, listener);
      };
    },
  };
}
