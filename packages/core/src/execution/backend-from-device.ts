import type { Backend, Device, Executable } from "../contracts/backend.js";
import { BackendError } from "../errors.js";
import { optimise } from "../ir/passes/optimise.js";
import { verify } from "../ir/verify.js";
import { ProgramExecutable } from "./program-executable.js";

/** Turns a device into a backend: one that runs whole programs, keeps their carries, and checks what it is fed. */
export function backendFromDevice<Handle>(device: Device<Handle>): Backend {
  const live = new Set<Executable>();
  let disposed = false;
  return {
    name: device.name,
    device: device.device,
    float: device.float,
    async compile(program) {
      if (disposed) {
        throw new BackendError("BACKEND_DISPOSED", `backend "${device.name}" was disposed of`, {
          where: `compiling program "${program.name}"`,
          fix: "Make a new backend.",
        });
      }
      // A leaf of another trace, or a graph made by hand, would otherwise fail inside the device in words of its own.
      verify(program);
      const executable = await ProgramExecutable.compile(optimise(program), device, () => live.delete(executable));
      live.add(executable);
      return executable;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      for (const executable of [...live]) await executable.dispose();
      await device.dispose();
    },
  };
}
