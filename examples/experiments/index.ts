import { categorical } from "./categorical.js";
import type { Experiment } from "./experiment.js";
import { gaussianStudent } from "./gaussian-student.js";
import { iris } from "./iris.js";
import { mnist } from "./mnist.js";
import { twoMoons } from "./two-moons.js";

export const experiments: Readonly<Record<string, Experiment>> = {
  categorical,
  "gaussian-student": gaussianStudent,
  "two-moons": twoMoons,
  mnist,
  iris,
};

export { tableOf } from "./table.js";
