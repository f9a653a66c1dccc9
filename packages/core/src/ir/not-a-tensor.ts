import { type ErrorDetails, PluginError, type SemblanceError, ShapeError } from "../errors.js";
import { VERSION } from "../version.js";
import { coreVersionOf } from "./tensor.js";

/** The error for a value that should have been a tensor: NOT_A_TENSOR, or CORE_VERSIONS_MIXED where another core made it. */
export function notATensor(value: unknown, message: string, details: ErrorDetails): SemblanceError {
  const version = coreVersionOf(value);
  if (version === undefined) return new ShapeError("NOT_A_TENSOR", message, details);
  return new PluginError(
    "CORE_VERSIONS_MIXED",
    `a tensor of @semblance/core ${version} met @semblance/core ${VERSION}: two versions are installed`,
    {
      ...details,
      fix: "A package that works with tensors names @semblance/core under peerDependencies, so that one version is installed for all.",
    },
  );
}
