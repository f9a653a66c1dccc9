import { ndarray } from "../arrays/nd-array.js";
import type { TransportProblem, TransportSolver } from "../contracts/transport-solver.js";
import { Key } from "../random/key.js";
import { requireRefused, requireThat } from "./assertions.js";
import type { Check } from "./check.js";
import { type ExampleConfig, entryChecks, examplesOf, groupOf, settled } from "./entry-checks.js";

const ROWS = 7;
const COLUMNS = 5;

/**
 * What every transport solver owes, exact or not: a finite number, the same when asked again, with inputs left alone; the same when
 * both sides change places; between the cheapest and the dearest cost; the mean cost where all mass sits at one point; and a coded
 * refusal of masses below 0 or of different sums.
 */
export function transportChecks(
  solver: TransportSolver,
  options: { readonly examples?: readonly ExampleConfig[] } = {},
): Check[] {
  const group = groupOf(solver);
  const checks = entryChecks(solver, options.examples);
  for (const example of examplesOf(solver, options.examples)) {
    const suffix = Object.keys(example).length > 0 ? ` with ${JSON.stringify(example)}` : "";
    const solve = (problem: TransportProblem) => solver.solve(problem, settled(solver, example));
    const add = (title: string, run: () => Promise<void>) => checks.push({ group, title: title + suffix, run });
    const law = (holds: boolean, broken: string) =>
      requireThat(holds, "CHECK_LAW_BROKEN", `${group}: ${broken}`, { where: group });
    const near = (got: number, expected: number) => Math.abs(got - expected) <= 1e-6 * Math.max(1, Math.abs(expected));

    add("is finite, repeats itself and changes no input", async () => {
      const problem = draw();
      const value = solve(problem);
      requireThat(Number.isFinite(value), "CHECK_NOT_FINITE", `${group} is ${value} on drawn inputs`, { where: group });
      requireThat(
        written(problem) === written(draw()),
        "CHECK_INPUT_MUTATED",
        `${group} writes into what it is given`,
        {
          where: group,
          fix: "Work on copies.",
        },
      );
      requireThat(
        solve(draw()) === value,
        "CHECK_NOT_DETERMINISTIC",
        `${group} gives another number when asked again`,
        {
          where: group,
        },
      );
    });
    add("is the same when both sides change places", async () => {
      const { first, second, cost } = draw();
      const turned = cost.data.map((_, at) => cost.data[(at % ROWS) * COLUMNS + Math.floor(at / ROWS)]!);
      const back = solve({ first: second, second: first, cost: ndarray("float64", [COLUMNS, ROWS], turned) });
      const there = solve(draw());
      law(near(back, there), `costs ${there} one way and ${back} with the sides changed`);
    });
    add("lies between the cheapest and the dearest cost", async () => {
      const { cost } = draw();
      const value = solve(draw());
      law(value >= Math.min(...cost.data) && value <= Math.max(...cost.data), `a unit of mass cannot cost ${value}`);
    });
    add("is the mean cost from a single point", async () => {
      const { second, cost } = draw();
      const row = cost.data.slice(0, COLUMNS);
      const mean = row.reduce((total, each, at) => total + each * second.data[at]!, 0);
      const value = solve({ first: ndarray("float64", [1], [1]), second, cost: ndarray("float64", [1, COLUMNS], row) });
      law(near(value, mean), `costs ${value} from a single point, and the mean cost is ${mean}`);
    });
    add("refuses masses below 0 and sums that differ", async () => {
      const { first, ...rest } = draw();
      for (const factor of [-1, 2]) {
        const wrong = ndarray(
          "float64",
          [ROWS],
          first.data.map((mass, at) => (at === 0 ? mass * factor : mass)),
        );
        await requireRefused(() => void solve({ ...rest, first: wrong }), {}, `a mass of ${wrong.data[0]}`);
      }
    });
  }
  return checks;
}

function draw(): TransportProblem {
  const key = Key.fromSeed(20_251_125);
  const masses = (name: string, size: number) => {
    const drawn = key.fold(name).uniform(size, 0.1, 1);
    const total = drawn.reduce((sum, mass) => sum + mass, 0);
    return ndarray(
      "float64",
      [size],
      drawn.map((mass) => mass / total),
    );
  };
  return {
    first: masses("first", ROWS),
    second: masses("second", COLUMNS),
    cost: ndarray("float64", [ROWS, COLUMNS], key.fold("cost").uniform(ROWS * COLUMNS, 0.5, 3)),
  };
}

const written = ({ first, second, cost }: TransportProblem) =>
  JSON.stringify([first, second, cost].map(({ data }) => Array.from(data)));
