import type { Command } from "commander";
import type { Settings } from "../terminal/settings.js";
import type { Terminal } from "../terminal/terminal.js";

/** What a command is given to work with. */
export interface Context {
  readonly terminal: Terminal;
  readonly settings: Settings;
}

/** A command's work: returns the exit status. */
export type Work = (context: Context) => Promise<number>;

/** Adds a command to the program; `start` runs its work once the arguments are read. */
export type AddCommand = (program: Command, start: (work: Work) => Promise<void>) => void;
