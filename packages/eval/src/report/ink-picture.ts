import { html, type Markup } from "./markup.js";
import type { GreyPicture } from "./report-input.js";

const MOST_PIXELS = 128 * 128;
const GREYS = 15;

/** A grey picture as runs of equal ink, one path for each grey: no pixel format, and it follows the page's colours. */
export function inkPicture({ height, width, pixels }: GreyPicture, row: number): Markup {
  if (pixels.length === 0 || pixels.length > MOST_PIXELS) {
    return html`<p class="empty">${width} × ${height} pixels, too large to draw</p>`;
  }
  const runs = Array.from({ length: GREYS + 1 }, () => [] as string[]);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; ) {
      const grey = greyOf(pixels[y * width + x]!);
      let end = x + 1;
      while (end < width && greyOf(pixels[y * width + end]!) === grey) end++;
      if (grey > 0) runs[grey]!.push(`M${x} ${y}h${end - x}v1h${x - end}z`);
      x = end;
    }
  }
  return html`<svg class="ink" viewBox="0 0 ${width} ${height}" role="img" aria-label="Picture of row ${row}" shape-rendering="crispEdges">${runs.map(
    (path, grey) =>
      path.length === 0 ? undefined : html`<path fill-opacity="${(grey / GREYS).toFixed(2)}" d="${path.join("")}"/>`,
  )}</svg>`;
}

/** 0 … 15; what is not a number is paper. */
const greyOf = (ink: number) => (ink > 0 ? Math.round(GREYS * Math.min(1, ink)) : 0);
