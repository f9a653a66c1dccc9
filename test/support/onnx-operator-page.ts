import { supportedOnnxOperators } from "@semblance/models";
import type { NodeTest, Plan } from "./onnx-node-tests.js";

/** The page on what the ONNX reader covers, with the node tests that do not run. */
export function operatorPage(
  tests: readonly NodeTest[],
  planned: ReadonlyMap<string, readonly (Plan | string)[]>,
): string {
  const names = [...planned.keys()];
  const counts = names.map(
    (name) => `| \`${name}\` | ${runs(planned.get(name)!)} | ${tests.length - runs(planned.get(name)!)} |`,
  );
  const left = tests.flatMap(({ name }, at) => {
    const reasons = new Map<string, string[]>();
    for (const backend of names) {
      const own = planned.get(backend)![at]!;
      if (typeof own === "string") reasons.set(own, [...(reasons.get(own) ?? []), backend]);
    }
    return [...reasons].map(([reason, where]) => {
      const everywhere = where.length === names.length;
      return `| \`${name.replace(/^test_/, "")}\` | ${everywhere ? "all" : where.map((each) => `\`${each}\``).join(", ")} | ${reason.replaceAll("|", "\\|")} |`;
    });
  });
  const operators = supportedOnnxOperators.map((name) => `\`${name}\``).join(", ");
  return `${HEAD}
${operators}.

${ABOUT}
| backend | run | do not run |
| --- | --- | --- |
${counts.join("\n")}

| node test | not on | reason |
| --- | --- | --- |
${left.join("\n")}
`;
}

const runs = (plans: readonly (Plan | string)[]) => plans.filter((own) => typeof own !== "string").length;

const HEAD = `# ONNX operators

<!-- Written by test/onnx-node-tests.test.ts: npx vitest run test/onnx-node-tests.test.ts --update -->

\`importOnnx\` of \`@semblance/models\` writes these operators of the standard domain, in all versions up to operator set 24, with the
primitives of core:
`;

const ABOUT = `\`int64\` and the other integers are computed in \`int32\`, and numbers beyond it are refused; 16-bit floats are computed in \`float32\`.
Arithmetic on integers that wrap at another width than 32 or 64 bits is refused. Any other operator is listed by
\`unsupportedOperators\` before anything runs.

## The official node tests

Inputs that decide a shape are given as constants; all others are fed. Results agree to 1e-5 of the expected ones, or exactly where they
are no floats. On \`reference\` floats are float64, on \`ort\` those of the test, on TensorFlow.js float32.
`;
