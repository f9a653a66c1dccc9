import {
  type BuildContext,
  ConfigError,
  type Key,
  type LossFacts,
  type LossInput,
  type NdArray,
  ndarray,
  ShapeError,
  showShape,
  type Tensor,
} from "@semblance/core";

/** What losses against proxies read. */
export const labelledEmbeddings = {
  embeddings: { axes: ["n", "d"], type: "float", description: "embeddings", differentiable: true },
  labels: { axes: ["n"], type: "int32", description: "class of each row, from 0" },
} as const satisfies Readonly<Record<string, LossInput>>;

/** The extents of proxies [C, d]: a row for each class, as wide as the embeddings. */
export function proxyShape({ classes, width }: LossFacts, name: string): readonly [number, number] {
  if (classes !== undefined && width !== undefined) return [classes, width];
  throw new ConfigError(
    "PROXIES_UNKNOWN",
    `the ${classes === undefined ? "number of classes" : "width of the embeddings"} is not known`,
    {
      where: `loss "${name}"`,
      fix: "It keeps a proxy for each class: give the data labels (data.labels, --labels), or take a loss that compares rows only.",
    },
  );
}

/** Proxies [C, d] drawn from N(0, deviation²). */
export function drawProxies(key: Key, [classes, width]: readonly [number, number], deviation = 1): NdArray<"float64"> {
  return ndarray(
    "float64",
    [classes, width],
    key.normal(classes * width).map((value) => value * deviation),
  );
}

/**
 * The proxies [C, d] that belong to embeddings [n, d].
 *
 * @throws ShapeError EMBEDDINGS_EMPTY without rows; PROXIES_INVALID where there are none, or of another width
 */
export function proxiesOf({ parameters: { proxies } }: BuildContext, embeddings: Tensor, name: string): Tensor {
  if (embeddings.shape[0] === 0) {
    throw new ShapeError("EMBEDDINGS_EMPTY", "there are no rows to compare with the proxies", {
      where: `loss "${name}"`,
      fix: "Pass a batch of at least one row.",
    });
  }
  if (proxies?.rank === 2 && proxies.shape[0]! > 0 && proxies.shape[1] === embeddings.shape[1]) return proxies;
  const found = proxies ? showShape(proxies.shape) : "missing";
  throw new ShapeError("PROXIES_INVALID", `proxies are ${found} beside embeddings ${showShape(embeddings.shape)}`, {
    where: `loss "${name}"`,
    fix: `Pass weights "proxies" [C, ${embeddings.shape[1]}], a row for each class.`,
  });
}
