import type { Catalogue, ComponentReference, EmbeddingOptions } from "@semblance/core";

/** Enough to tell classes apart, and small beside most embeddings of texts and pictures. */
const WIDTH = 64;

/**
 * The embedding where nothing says otherwise: rows of unit length, or what the domain of the divergence asks for. Its width is that which
 * the divergence asks for, where it does.
 *
 * @param standard the width where neither the user nor the divergence asks for one
 */
export function embeddingFor(
  catalogue: Catalogue,
  loss: ComponentReference,
  asked: EmbeddingOptions | undefined,
  facts: { readonly classes?: number },
  standard: number = WIDTH,
): EmbeddingOptions | undefined {
  const { entry, config } = catalogue.choose("loss", loss, "loss");
  if (entry.outputs) return asked;
  const reference = entry.divergence?.(config);
  const divergence = reference === undefined ? undefined : catalogue.choose("divergence", reference, "divergence");
  const width = asked?.width ?? divergence?.entry.outputs?.(divergence.config, facts) ?? standard;
  return { width, activation: asked?.activation ?? activationFor(divergence?.entry) };
}

function activationFor(
  divergence: ReturnType<Catalogue["choose"]>["entry"] | undefined,
): NonNullable<EmbeddingOptions["activation"]> {
  const { domain, outputs } = (divergence ?? {}) as {
    readonly domain?: { readonly first: string; readonly second: string };
    readonly outputs?: unknown;
  };
  const asked = [domain?.first ?? "real", domain?.second ?? "real"];
  if (asked.some((each) => each === "unit" || each === "open-unit")) return "sigmoid";
  if (asked.some((each) => each === "non-negative" || each === "positive")) return "softplus";
  // Outputs of which the largest counts are not points on a sphere.
  return outputs ? "none" : "normalise";
}
