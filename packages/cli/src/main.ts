import { runCommandLine } from "./command-line.js";
import { processTerminal } from "./terminal/terminal.js";

// `semblance list | head` closes the pipe early; that is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// Set rather than exit: what was written to a pipe may not have left yet.
process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
