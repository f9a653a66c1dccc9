import { DivergedError, isSemblanceError, type Learner, type SemblanceError } from "@semblance/core";
import { OWN_PLUGINS } from "../compose.js";

/**
 * A loss that is not finite from the start is no matter of the learning rate, and embeddings that are scored outside the domain of the divergence
 * are not rows that their user could correct.
 */
export function blameFirstStep(error: unknown, { catalogue, loss }: Learner): unknown {
  if (!isSemblanceError(error)) return error;
  if (error.code === "OUTSIDE_DOMAIN") return blameBounds(error, boundedDivergence(catalogue, loss));
  if (error.code !== "LOSS_NOT_FINITE" || !/ at step 1$/.test(error.message)) return error;
  const plugin = catalogue.pluginOf(loss.entry);
  const theirs = plugin && !OWN_PLUGINS.has(plugin.name);
  const look = theirs ? `or look at the loss itself: semblance check ${plugin.name}` : "or check the keys of the loss";
  const bounded = boundedDivergence(catalogue, loss);
  const why = bounded
    ? `the data, whose embeddings come too near to the bounds of ${bounded} to be told from them,`
    : "the data";
  const { where } = error;
  return new DivergedError(error.code, error.message, {
    ...(where === undefined ? {} : { where }),
    fix: `No step was taken yet, so that it is ${why} or the loss: standardise the data (data.standardise: true, --standardise), ${look}.`,
    cause: error,
  });
}

function blameBounds(error: SemblanceError, bounded: string | undefined): unknown {
  if (bounded === undefined) return error;
  return new DivergedError(error.code, `an embedding is outside what is compared: ${error.message}`, {
    where: "the embeddings of rows that are scored",
    fix: `They come too near to the bounds of ${bounded} to be told from them: standardise the data (data.standardise: true, --standardise), or choose a divergence of real numbers.`,
    cause: error,
  });
}

/** The divergence of the loss, where it takes some numbers only: a softplus of −200 is 0 in float32, and the logarithm of that no number. */
function boundedDivergence(catalogue: Learner["catalogue"], { entry, config }: Learner["loss"]): string | undefined {
  const reference = entry.divergence?.(config);
  if (reference === undefined) return undefined;
  const { name, domain } = catalogue.choose("divergence", reference).entry;
  return domain && [domain.first, domain.second].some((argument) => argument !== "real") ? name : undefined;
}
