import type { Dataset } from "@semblance/core";
import type { GreyPicture } from "@semblance/eval";

/** A row as a picture, where the data say how it is drawn. */
export function pictureOf({ image, features }: Dataset, row: number): { readonly picture?: GreyPicture } {
  if (!image) return {};
  const size = image.height * image.width;
  const pixels = Float64Array.from(features.data.subarray(row * size, (row + 1) * size), (value) =>
    Math.min(1, Math.max(0, value / image.ink)),
  );
  return { picture: { height: image.height, width: image.width, pixels } };
}
