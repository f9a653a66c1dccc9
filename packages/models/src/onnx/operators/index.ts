import type { Operator } from "../translate/call.js";
import { activations } from "./activations.js";
import { arithmetic } from "./arithmetic.js";
import { conversions } from "./conversions.js";
import { elementwise } from "./elementwise.js";
import { gathering } from "./gathering.js";
import { losses } from "./losses.js";
import { normalisations } from "./normalisations.js";
import { products } from "./products.js";
import { quantised } from "./quantised.js";
import { rearranging } from "./rearranging.js";
import { reductions } from "./reductions.js";
import { scattering } from "./scattering.js";
import { shapes } from "./shapes.js";
import { windows } from "./windows.js";

/** Every ONNX operator that can be written with our primitives, by its name in the standard domain. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  [
    activations,
    arithmetic,
    conversions,
    elementwise,
    gathering,
    rearranging,
    scattering,
    losses,
    normalisations,
    products,
    quantised,
    reductions,
    shapes,
    windows,
  ].flatMap((table) => Object.entries(table)),
);

/** Their names, in alphabetical order. */
export const supportedOnnxOperators: readonly string[] = [...operators.keys()].sort();
