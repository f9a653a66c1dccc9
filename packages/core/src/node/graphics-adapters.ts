import { execFile } from "node:child_process";
import { promisify } from "node:util";

const QUESTION = ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"];
const PATIENCE_MS = 10_000;

/** NVIDIA's adapters in words, as its driver's own tool names them; none where the tool is not there or finds none. */
export async function graphicsAdapters(tool = "nvidia-smi"): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)(tool, QUESTION, { timeout: PATIENCE_MS });
    return stdout
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => {
        const [name = "", memory = "", driver = ""] = line.split(",").map((part) => part.trim());
        return `${name}, ${memory}, driver ${driver}`;
      });
  } catch {
    return [];
  }
}
