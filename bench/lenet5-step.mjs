/**
 * One training step of LeNet-5 on 1×32×32 pictures, batch 256, beside the same step in PyTorch on the processor, run eagerly.
 *
 * Run alone: node bench/lenet5-step.mjs [--peers] [--threads=1,2] [--processor-time]. The Python with PyTorch is `python3`, or what SEMBLANCE_PYTHON names.
 */
import { networkOptions, networkRows } from "./support/network-step.mjs";
import { runAlone } from "./support/run-alone.mjs";

const subject = { title: "LeNet-5", model: { name: "lenet5" }, item: [1, 32, 32], batch: 256, steps: 60, round: 5 };

export const rows = (options) => networkRows(subject, options);

await runAlone(import.meta.url, rows, networkOptions);
