import { isFloat } from "../arrays/dtype.js";
import { showShape } from "../arrays/nd-array.js";
import { suggest } from "../container/near-names.js";
import type { Loss } from "../contracts/loss.js";
import { ConfigError, ShapeError } from "../errors.js";
import type { TensorSpec } from "../ir/tensor.js";

/**
 * Checks what a loss is given against what it declares: no unknown input, none missing that it needs, element types, ranks, and
 * one extent for all axes that share a name.
 *
 * @throws ConfigError INPUT_UNKNOWN, INPUT_MISSING; ShapeError INPUT_TYPE, RANK_MISMATCH, AXIS_MISMATCH
 */
export function checkLossInputs(
  loss: Pick<Loss, "name" | "inputs">,
  given: Readonly<Record<string, TensorSpec | undefined>>,
): void {
  const where = `loss "${loss.name}"`;
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(loss.inputs, name)) continue;
    throw new ConfigError("INPUT_UNKNOWN", `there is no input "${name}"`, {
      where,
      fix: suggest(name, Object.keys(loss.inputs)),
    });
  }
  const bound = new Map<string, { readonly extent: number; readonly input: string }>();
  for (const [name, { axes, type, optional, description }] of Object.entries(loss.inputs)) {
    const spec = given[name];
    if (!spec) {
      if (optional) continue;
      throw new ConfigError("INPUT_MISSING", `input "${name}" is missing`, {
        where,
        fix: `Pass ${name} [${axes.join(", ")}]: ${description}.`,
      });
    }
    if (type === "float" ? !isFloat(spec.dtype) : spec.dtype !== type) {
      throw new ShapeError("INPUT_TYPE", `input "${name}" is ${spec.dtype} and should be ${type}`, { where });
    }
    if (spec.shape.length !== axes.length) {
      throw new ShapeError("RANK_MISMATCH", `input "${name}" is ${showShape(spec.shape)}, not [${axes.join(", ")}]`, {
        where,
        fix: `Pass an array of ${axes.length} axes: ${description}.`,
      });
    }
    axes.forEach((axis, position) => {
      const extent = spec.shape[position]!;
      const earlier = bound.get(axis);
      if (earlier && earlier.extent !== extent) {
        throw new ShapeError(
          "AXIS_MISMATCH",
          `axis "${axis}" is ${earlier.extent} in ${earlier.input} and ${extent} in ${name} ${showShape(spec.shape)}`,
          { where, fix: "Axes that share a name share an extent." },
        );
      }
      bound.set(axis, { extent, input: name });
    });
  }
}
