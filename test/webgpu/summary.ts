import type { Reporter, TestCase, TestModule } from "vitest/node";

interface Count {
  passed: number;
  failed: number;
  refused: number;
}

/** Prints what failed and what was refused while it happens, and in the end a line for each backend. */
export default class Summary implements Reporter {
  readonly #counts = new Map<string, Count>();

  onTestCaseResult(test: TestCase): void {
    const [backend, ...path] = test.fullName.split(" > ") as [string, ...string[]];
    const count = this.#counts.get(backend) ?? { passed: 0, failed: 0, refused: 0 };
    this.#counts.set(backend, count);
    const result = test.result();
    if (result.state === "passed") count.passed++;
    else if (result.state === "failed") {
      count.failed++;
      console.log(`failed: ${backend}: ${path.join(" > ")}\n  ${result.errors[0]?.message.split("\n")[0]}`);
    } else if (result.state === "skipped") {
      count.refused++;
      console.log(`refused: ${backend}: ${path.join(" > ")} (${result.note ?? "left out"})`);
    }
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { readonly message: string }[]): void {
    for (const error of [...modules.flatMap((module) => module.errors()), ...unhandled]) {
      console.log(`failed: ${error.message}`);
      process.exitCode = 1;
    }
    for (const [backend, { passed, failed, refused }] of this.#counts) {
      console.log(`${backend}: ${passed} passed, ${failed} failed, ${refused} refused`);
    }
  }
}
