import { isSemblanceError } from "@semblance/core";
import pc from "picocolors";
import type { Settings } from "./settings.js";
import type { Terminal } from "./terminal.js";

/** An error as `--json` prints it. */
export interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly where?: string;
    readonly fix?: string;
    readonly stack?: string;
  };
}

/** Causes can go round in circles. */
const DEEPEST = 8;
const REPORT = "This is a fault of Semblance: please report it, with what --debug prints.";

function documentOf(error: unknown, debug: boolean): ErrorDocument {
  const stack = debug && error instanceof Error && error.stack !== undefined ? { stack: stackOf(error) } : {};
  if (!isSemblanceError(error)) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { error: { code: "INTERNAL", message: message.split("\n")[0]!, fix: REPORT, ...stack } };
  }
  const { code, message, where, fix } = error;
  return {
    error: {
      code,
      message,
      ...(where === undefined ? {} : { where }),
      ...(fix === undefined ? {} : { fix }),
      ...stack,
    },
  };
}

/** With what caused it: an error that is told in Semblance's words was often thrown elsewhere. */
function stackOf(error: Error): string {
  const stacks = [error.stack];
  for (let { cause } = error; cause instanceof Error && stacks.length < DEEPEST; { cause } = cause)
    stacks.push(`caused by ${cause.stack}`);
  return stacks.join("\n");
}

/** `error[CODE]: what was wrong`, then `where:` and `fix:`; with `--json` one document in the place of the result. */
export function printError(error: unknown, terminal: Terminal, { json, debug, color }: Settings): void {
  const document = documentOf(error, debug);
  if (json) {
    terminal.out(`${JSON.stringify(document)}\n`);
    return;
  }
  const { code, message, where, fix, stack } = document.error;
  const colors = pc.createColors(color && terminal.colors.err);
  const lines = [
    `${colors.red(colors.bold(`error[${code}]`))}: ${message}`,
    ...(where === undefined ? [] : [`  ${colors.bold("where:")} ${where}`]),
    ...(fix === undefined ? [] : [`  ${colors.bold("fix:")} ${fix}`]),
    ...(stack === undefined ? [] : [stack]),
  ];
  terminal.err(`${lines.join("\n")}\n`);
}
