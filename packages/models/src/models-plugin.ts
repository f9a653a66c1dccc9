import { definePlugin } from "@semblance/core";
import { categorical } from "./categorical.js";
import { convBranches } from "./conv-branches.js";
import { lenet5 } from "./lenet5.js";
import { linear } from "./linear.js";
import { mlp } from "./mlp.js";
import { residual } from "./residual.js";
import { resnet18 } from "./resnet18.js";
import { sparseMlp } from "./sparse-mlp.js";
import { VERSION } from "./version.js";

/** The models. */
export const modelsPlugin = definePlugin({
  name: "@semblance/models",
  version: VERSION,
  core: `^${VERSION}`,
  register(registry) {
    for (const entry of [categorical, linear, mlp, sparseMlp, residual, lenet5, resnet18, convBranches])
      registry.add(entry);
  },
});
