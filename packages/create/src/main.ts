import { createInterface } from "node:readline/promises";
import { createPackage } from "./command-line.js";

const { stdin, stdout, stderr } = process;

async function ask(question: string, usual: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    const answer = await lines.question(usual === "" ? `${question}: ` : `${question} (${usual}): `);
    return answer.trim() === "" ? usual : answer;
  } finally {
    lines.close();
  }
}

process.exitCode = await createPackage(process.argv.slice(2), {
  folder: process.cwd(),
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  ask: stdin.isTTY && stdout.isTTY ? ask : undefined,
});
