import { runCommandLine } from "./command-line.js";
import { FAILED } from "./terminal/exit-status.js";
import { printError } from "./terminal/print-error.js";
import { processTerminal } from "./terminal/terminal.js";

const terminal = processTerminal();
const args = process.argv.slice(2);

// `semblance list | head` closes the pipe early; that is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// What is thrown where nobody waits for it, such as in a timer that a plugin left behind.
process.on("uncaughtException", (error) => {
  const [json, debug] = [args.includes("--json"), args.includes("--debug")];
  printError(error, terminal, { json, debug, quiet: false, color: !args.includes("--no-color") });
  process.exit(FAILED);
});

// Set rather than exit: what was written to a pipe may not have left yet.
process.exitCode = await runCommandLine(args, terminal);
