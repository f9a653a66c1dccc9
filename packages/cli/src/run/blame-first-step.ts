import { DivergedError, isSemblanceError, type Learner } from "@semblance/core";
import { OWN_PLUGINS } from "../compose.js";

/** A loss that is not finite from the start is no matter of the learning rate. */
export function blameFirstStep(error: unknown, { catalogue, loss }: Learner): unknown {
  if (!isSemblanceError(error) || error.code !== "LOSS_NOT_FINITE" || !/ at step 1$/.test(error.message)) return error;
  const plugin = catalogue.pluginOf(loss.entry);
  const theirs = plugin && !OWN_PLUGINS.has(plugin.name);
  const look = theirs ? `or look at the loss itself: semblance check ${plugin.name}` : "or check the keys of the loss";
  const { where } = error;
  return new DivergedError(error.code, error.message, {
    ...(where === undefined ? {} : { where }),
    fix: `No step was taken yet, so that it is the data or the loss: standardise the data (data.standardise: true), ${look}.`,
    cause: error,
  });
}
