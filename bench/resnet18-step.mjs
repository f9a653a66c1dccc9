/**
 * One training step of ResNet-18 on 3×32×32 pictures, batch 64, beside the same step in PyTorch on the processor, run eagerly.
 *
 * Run alone: node bench/resnet18-step.mjs [--peers] [--threads=1,2] [--processor-time]. The Python with PyTorch is `python3`, or what SEMBLANCE_PYTHON names.
 */
import { networkOptions, networkRows } from "./support/network-step.mjs";
import { runAlone } from "./support/run-alone.mjs";

const subject = { title: "ResNet-18", model: { name: "resnet18" }, item: [3, 32, 32], batch: 64, steps: 24, round: 3 };

export const rows = (options) => networkRows(subject, options);

await runAlone(import.meta.url, rows, networkOptions);
