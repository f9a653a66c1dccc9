import { reshape, type Shape, ShapeError, showShape, type Tensor, transpose } from "@semblance/core";
import { z } from "zod";

/** From this many on an axis is taken for height or width and not for channels. */
const MOST_CHANNELS = 4;

/** How a model that sees pictures reads items: keys for its configuration. */
export const imageKeys = {
  channels: z
    .enum(["auto", "first", "last"])
    .default("auto")
    .describe("where an item of three axes has its channels; auto takes the outer axis that has 1 to 4 of them"),
  image: z
    .array(z.int().min(1))
    .min(2)
    .max(3)
    .optional()
    .describe("the axes of a picture, such as [28, 28] or [3, 32, 32], where items are its elements in one row"),
};

export interface ImageLayout {
  readonly channels: "auto" | "first" | "last";
  readonly image?: readonly number[] | undefined;
}

export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The picture that an item is: [height, width], or three axes with channels first or last.
 *
 * @throws ShapeError IMAGE_MISSHAPEN, IMAGE_EMPTY, CHANNELS_UNKNOWN
 */
export function imageShape(item: Shape, layout: ImageLayout): ImageShape {
  const axes = axesOf(item, layout);
  if (axes.includes(0)) {
    throw misshapen("IMAGE_EMPTY", item, "has no elements", "Give pictures at least one pixel.");
  }
  if (axes.length === 2) return { channels: 1, height: axes[0]!, width: axes[1]! };
  const [first, middle, last] = axes as [number, number, number];
  return comesFirst(axes, layout)
    ? { channels: first, height: middle, width: last }
    : { channels: last, height: first, width: middle };
}

/**
 * Items [n, …item] as pictures [n, channels, height, width].
 *
 * @throws ShapeError IMAGE_MISSHAPEN, IMAGE_EMPTY, CHANNELS_UNKNOWN
 */
export function asImages(x: Tensor, layout: ImageLayout): Tensor {
  const item = x.shape.slice(1);
  const { channels, height, width } = imageShape(item, layout);
  const axes = axesOf(item, layout);
  const rows = x.shape[0]!;
  if (axes.length === 2 || comesFirst(axes, layout)) return reshape(x, [rows, channels, height, width]);
  return transpose(reshape(x, [rows, ...axes]), [0, 3, 1, 2]);
}

function axesOf(item: Shape, { image }: ImageLayout): Shape {
  const size = (shape: Shape) => shape.reduce((product, extent) => product * extent, 1);
  if (image && size(image) !== size(item)) {
    const fix = "Set image to the height and width of the pictures, with their channels where they have several.";
    throw misshapen("IMAGE_MISSHAPEN", item, `does not hold the elements of a picture ${showShape(image)}`, fix);
  }
  const axes = image ?? item;
  if (axes.length === 2 || axes.length === 3) return axes;
  const fix = "Give items of two or three axes, or say in the model's key image which picture they hold.";
  throw misshapen("IMAGE_MISSHAPEN", item, "is no picture", fix);
}

function comesFirst(axes: Shape, { channels }: ImageLayout): boolean {
  if (channels !== "auto") return channels === "first";
  const [first, , last] = axes as [number, number, number];
  if (first <= MOST_CHANNELS !== last <= MOST_CHANNELS) return first <= MOST_CHANNELS;
  throw misshapen(
    "CHANNELS_UNKNOWN",
    axes,
    `has its channels in front (${first}) or at the end (${last}): both are possible`,
    "Set the model's key channels to first or last.",
  );
}

const misshapen = (code: string, item: Shape, what: string, fix: string) =>
  new ShapeError(code, `an item ${showShape(item)} ${what}`, { where: "a model that sees pictures", fix });
