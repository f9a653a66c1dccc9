import { BackendUnavailableError } from "@semblance/core";

type OrtPackage = typeof import("@semblance/backend-ort");

// A variable, so that a bundler does not look for a package that need not be there.
const NAME = "@semblance/backend-ort";

/**
 * The package that runs and writes ONNX, loaded when it is first needed.
 *
 * @throws BackendUnavailableError ORT_PACKAGE_MISSING
 */
export async function importOrt(purpose: string): Promise<OrtPackage> {
  try {
    return (await import(/* @vite-ignore */ NAME)) as OrtPackage;
  } catch (cause) {
    throw new BackendUnavailableError("ORT_PACKAGE_MISSING", `${purpose} needs the package ${NAME}`, {
      where: NAME,
      fix: `npm install ${NAME} onnxruntime-node, or pass another backend: backend: "reference", or one that you made.`,
      cause,
    });
  }
}
