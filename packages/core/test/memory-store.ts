import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../src/training/checkpoint.js";
import type { RunStore } from "../src/training/run-store.js";

/** A run folder in memory. */
export class MemoryStore implements RunStore {
  lines: string[] = [];
  readonly checkpoints: { bytes: Uint8Array; lines: number }[] = [];
  async appendMetrics(lines: readonly string[]) {
    this.lines.push(...lines);
  }
  async saveCheckpoint(checkpoint: Checkpoint) {
    this.checkpoints.push({ bytes: await encodeCheckpoint(checkpoint), lines: this.lines.length });
    return `memory ${this.checkpoints.length}`;
  }
  async resume() {
    const last = this.checkpoints.at(-1);
    this.lines = this.lines.slice(0, last?.lines ?? 0);
    return last && decodeCheckpoint(last.bytes, "memory");
  }
}
