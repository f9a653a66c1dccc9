import type { DType } from "../../arrays/dtype.js";
import type { Arrays } from "../../contracts/backend.js";
import type { Program } from "../../ir/program.js";
import { referenceBackend } from "../../reference/reference-backend.js";
import { requireEqual, requireRefused, requireThat } from "../assertions.js";
import { caseFeeds, caseGradientProgram, caseProgram, widened } from "../case-program.js";
import { differenceOf } from "../difference.js";
import { type OpCase, SUMMED } from "../op-cases/op-case.js";
import { opCases } from "../op-cases.js";
import { runOnce } from "../run-once.js";
import type { Setting } from "./setting.js";

/** Every case of every primitive, and the derivative of every smooth one, against the float64 reference. */
export function primitivesChecks(setting: Setting): void {
  const reference = referenceBackend();
  /**
   * Inputs are rounded to the type under test first; then the reference computes in float64 from the very same numbers, so that the
   * difference is the backend's own rounding and nothing else.
   */
  const judge = async (program: Program, feeds: Arrays, wide: Program, subject: OpCase, dtype: DType) => {
    const got = await runOnce(await setting.backend(), program, feeds);
    const expected = await runOnce(reference, wide, dtype === "float32" ? widened(feeds) : feeds);
    requireEqual(Object.keys(got).sort(), Object.keys(program.outputs).sort(), "the names of the results");
    for (const [name, array] of Object.entries(got)) {
      requireEqual(array.dtype, program.outputs[name]!.dtype, `the type of ${name}`);
      const slack = setting.options.float32Slack ?? 1;
      const tolerance = dtype === "float32" ? subject.tolerance.float32 * slack : subject.tolerance.float64;
      const difference = differenceOf(array, expected[name]!, { tolerance, relative: subject.relative });
      requireThat(difference === undefined, "CHECK_VALUE_WRONG", `${name}: ${difference}`, {
        where: `program "${program.name}"`,
      });
    }
  };

  for (const [opName, cases] of Object.entries(opCases)) {
    for (const subject of cases) {
      if (subject.large && setting.options.large === false) continue;
      for (const dtype of subject.dtypes.filter((type) => setting.dtypes.includes(type))) {
        // Float64 never had the trouble that four million elements are there for.
        if (subject.large && dtype === "float64") continue;
        const wideType = dtype === "float32" ? "float64" : dtype;
        const title = `${opName}: ${subject.name}, ${dtype}`;
        const program = () => caseProgram(opName, subject, dtype);
        setting.test(subject.refused ? `${title}, is refused` : title, async () => {
          const traced = program();
          const feeds = caseFeeds(opName, subject, dtype, traced);
          if (subject.refused) await requireRefused(runOnce(await setting.backend(), traced, feeds));
          else await judge(traced, feeds, caseProgram(opName, subject, wideType), subject, dtype);
        });
        if (subject.differentiable.length === 0) continue;
        setting.test(`${title}, its derivative`, async () => {
          const traced = caseGradientProgram(opName, subject, dtype);
          const feeds = caseFeeds(opName, subject, dtype, traced);
          // A derivative adds and multiplies even where the primitive only moves, so no derivative is held to be exact.
          const tolerance = {
            float32: Math.max(SUMMED.float32, subject.tolerance.float32),
            float64: Math.max(SUMMED.float64, subject.tolerance.float64),
          };
          const wide = caseGradientProgram(opName, subject, wideType);
          await judge(traced, feeds, wide, { ...subject, tolerance }, dtype);
        });
      }
    }
  }
}
