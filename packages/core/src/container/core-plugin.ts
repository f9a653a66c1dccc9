import { z } from "zod";
import { defineBackend } from "../contracts/backend-entry.js";
import { definePlugin } from "../contracts/plugin.js";
import { referenceBackend } from "../reference/reference-backend.js";
import { adam } from "../training/optimizers/adam.js";
import { adamw } from "../training/optimizers/adamw.js";
import { rmsprop } from "../training/optimizers/rmsprop.js";
import { sgd } from "../training/optimizers/sgd.js";
import { constraints } from "../training/regularisers/constraints.js";
import { entropy } from "../training/regularisers/entropy.js";
import { groupLasso } from "../training/regularisers/group-lasso.js";
import { hierarchicalLasso } from "../training/regularisers/hierarchical-lasso.js";
import { vat } from "../training/regularisers/vat.js";
import { constantSchedule } from "../training/schedules/constant.js";
import { cosineSchedule } from "../training/schedules/cosine.js";
import { exponentialSchedule } from "../training/schedules/exponential.js";
import { stepSchedule } from "../training/schedules/step.js";
import { VERSION } from "../version.js";

const reference = defineBackend({
  name: "reference",
  summary: "Float64 interpreter in plain JavaScript: slow, exact, everywhere.",
  config: z.strictObject({}),
  create: async () => referenceBackend(),
});

/** What core itself brings to the catalogue. */
export const corePlugin = definePlugin({
  name: "@semblance/core",
  version: VERSION,
  core: VERSION,
  register(registry) {
    for (const entry of [sgd, adam, adamw, rmsprop]) registry.add(entry);
    for (const entry of [constantSchedule, stepSchedule, exponentialSchedule, cosineSchedule]) registry.add(entry);
    for (const entry of [vat, entropy, constraints, groupLasso, hierarchicalLasso]) registry.add(entry);
    registry.add(reference);
  },
});
