import { tfjsBackend } from "@semblance/backend-tfjs";
import {
  type Backend,
  createCatalogue,
  createLearner,
  initialState,
  Key,
  ndarray,
  referenceBackend,
  scalarFeeds,
  traceTrainStep,
} from "@semblance/core";
import { backendChecks, type Check, runCheck } from "@semblance/core/checks";
import { geminiPlugin } from "@semblance/losses-gemini";
import { metricPlugin } from "@semblance/losses-metric";
import { modelsPlugin } from "@semblance/models";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";

/** What a page in a browser found out; the test that serves it reads this. */
export interface PageReport {
  readonly losses: Readonly<Record<string, readonly number[]>>;
  readonly conformance: Readonly<Record<string, { readonly passed: number; readonly failures: readonly string[] }>>;
}

const DEVICES = ["cpu", "wasm", "webgl"] as const;
const STEPS = 10;

/** The same ten steps on any backend: the same data, start and batches. */
async function train(backend: Backend): Promise<number[]> {
  const data = ndarray("float32", [12, 4], Key.fromSeed(1).normal(48));
  const learner = createLearner({
    catalogue: createCatalogue([geminiPlugin, metricPlugin, modelsPlugin]),
    data: { name: "noise", features: data },
    model: { name: "mlp", hidden: [8], activation: "relu" },
    loss: { name: "gemini/mmd-ova", clusters: 3, kernel: "linear" },
    optimizer: "adam",
  });
  const start = initialState(learner, Key.fromSeed(0), "float32");
  const executable = await backend.compile(traceTrainStep(learner, start, { float: "float32", batchSize: 12 }));
  await executable.write(start);
  const indices = ndarray(
    "int32",
    [12],
    Int32Array.from({ length: 12 }, (_, index) => index),
  );
  const losses: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const { loss } = await executable.run({ data, indices, ...scalarFeeds(learner, step, 1e-2, "float32") });
    losses.push(loss!.data[0]!);
  }
  await backend.dispose();
  return losses;
}

/** What cannot be checked here: drawn programs need fast-check, which a page does not carry. */
const leftOut = (device: string, { group, title }: Check) =>
  group === "drawn programs" ||
  title.includes("to float64") ||
  // Sums of halves add in another order.
  (device === "webgl" && title.startsWith("cumulativeSum: of 1e30 that cancels"));

async function conformance(device: (typeof DEVICES)[number]) {
  const failures: string[] = [];
  let passed = 0;
  const checks = backendChecks(() => tfjsBackend({ tf, device }), {
    dtypes: ["float32", "int32", "bool"],
    large: false,
  });
  for (const check of checks) {
    if (leftOut(device, check)) continue;
    const outcome = await runCheck(check);
    if (outcome.status === "passed") passed++;
    else if (outcome.status === "failed") failures.push(`${check.title}: ${outcome.error.message}`);
  }
  return { passed, failures };
}

async function report(): Promise<PageReport> {
  setWasmPaths("/");
  // With threads it would hang at its start in a bundle.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  const losses: Record<string, number[]> = { reference: await train(referenceBackend()) };
  const found: Record<string, { passed: number; failures: string[] }> = {};
  for (const device of DEVICES) {
    losses[device] = await train(await tfjsBackend({ tf, device }));
    if (device !== "cpu") found[device] = await conformance(device);
  }
  return { losses, conformance: found };
}

const answer = await report().catch((error) => ({ error: String(error?.stack ?? error) }));
await fetch("/report", { method: "POST", body: JSON.stringify(answer) });
