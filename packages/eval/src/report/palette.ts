import { html, type Markup } from "./markup.js";

/**
 * Ten hues that stay apart under the common colour-vision deficiencies, after Okabe & Ito (2008), darkened for white paper and
 * lightened for a dark screen. With more clusters the marks change shape, and numbers name them in any case.
 */
export const HUES = {
  light: ["#0072b2", "#d55e00", "#00826a", "#b0307a", "#3d9bd4", "#a87b00", "#5b4bb0", "#6e6e6e", "#8c1d40", "#5f7f00"],
  dark: ["#4da3ff", "#ff8c42", "#2bc9a0", "#f07fc0", "#9ed8ff", "#f2c53d", "#a99bff", "#bdbdbd", "#ff7d8e", "#b5d334"],
} as const;

const COUNT = HUES.light.length;

// A mark about its centre as relative path commands, ending where it does not matter; drawn 2.6 px in radius.
const SHAPES = [
  "m-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z",
  "m-2.4-2.4h4.8v4.8h-4.8z",
  "m0-3.2l3.1 5.4h-6.2z",
  "m0-3.4l3.4 3.4l-3.4 3.4l-3.4-3.4z",
  "m-3.1-2.2h6.2l-3.1 5.4z",
  "m-1-3.2h2v2.2h2.2v2h-2.2v2.2h-2v-2.2h-2.2v-2h2.2z",
] as const;

/** Clusters that have a mark of their own; beyond it they repeat. */
export const MARKS = COUNT * SHAPES.length;

/** The class that colours a cluster's marks. */
export const hueClass = (cluster: number): string => `h${((cluster % COUNT) + COUNT) % COUNT}`;

/** The mark of a cluster as relative path commands. */
export const shapeOf = (cluster: number): string => SHAPES[Math.floor(Math.abs(cluster) / COUNT) % SHAPES.length]!;

/** A cluster's number, or another name of it, beside its mark, for running text and tables. */
export function badge(cluster: number, name: string | number | Markup = cluster, shape: number = cluster): Markup {
  return html`<span class="badge"><svg viewBox="-5 -5 10 10" aria-hidden="true"><path class="${hueClass(cluster)}" d="M0 0${shapeOf(shape)}"/></svg>${name}</span>`;
}
