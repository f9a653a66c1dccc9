import { holds } from "../arrays/dtype.js";
import { type NdArray, sameShape, showShape, sizeOf } from "../arrays/nd-array.js";
import { BackendError, isSemblanceError } from "../errors.js";
import type { HostCall } from "../ops/host-call.js";

/**
 * Runs a host operator and checks that what it returns is what its shape rule promised.
 *
 * @throws BackendError HOST_OPERATOR_FAILED, HOST_OPERATOR_MISMATCH, both naming the operator.
 */
export async function callHostOperator(
  call: HostCall,
  inputs: readonly NdArray[],
  program: string,
): Promise<readonly NdArray[]> {
  const where = `host operator "${call.operator.name}" in program "${program}"`;
  let outputs: readonly NdArray[];
  try {
    outputs = await call.operator.run(inputs, call.attributes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BackendError("HOST_OPERATOR_FAILED", `host operator "${call.operator.name}" failed: ${reason}`, {
      where,
      // What is thrown with advice of its own keeps it: a miner or a solver knows better than the call what to do.
      ...(isSemblanceError(cause) && cause.fix !== undefined ? { fix: cause.fix } : {}),
      cause,
    });
  }
  call.outputs.forEach((expected, index) => {
    const got = outputs?.[index];
    if (
      !got ||
      got.dtype !== expected.dtype ||
      !sameShape(got.shape, expected.shape) ||
      !holds(got.dtype, got.data) ||
      got.data.length !== sizeOf(got.shape)
    ) {
      throw new BackendError(
        "HOST_OPERATOR_MISMATCH",
        `output ${index} of host operator "${call.operator.name}" is ${got ? showArray(got) : "missing"}; its rule says ${expected.dtype}${showShape(expected.shape)}`,
        { where, fix: "Make its infer and run functions agree." },
      );
    }
  });
  return outputs;
}

const showArray = ({ dtype, shape, data }: NdArray) =>
  `${dtype}${showShape(shape)} with ${data?.length ?? "no"} elements in ${data?.constructor.name ?? "nothing"}`;
