/** Text that is HTML already and is not escaped again: what `html` returns, and the style sheet. */
export class Markup {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Part = string | number | Markup | undefined | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// Control characters other than white space, non-characters, and halves of surrogate pairs: none may stand in HTML.
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** `text` as HTML text or a quoted attribute value. */
export function escapeHtml(text: string): string {
  return text.replace(UNPRINTABLE, "\uFFFD").replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

function render(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(render).join("");
  return escapeHtml(String(part));
}

/**
 * A template that escapes everything put into it, so that a hostile label can only be forgotten by leaving it out.
 *
 * Lists are joined, `undefined` is nothing, other templates are kept as they are.
 *
 * ```ts
 * html`<b>${"<script>"}</b>`.text // => "<b>&lt;script&gt;</b>"
 * ```
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.map((string, index) => string + render(parts[index])).join(""));
}

/** At most `length` characters (not halves of them), the last one an ellipsis where something was cut. */
export function clip(text: string, length: number): string {
  // A string of n code points has at most 2n units: no need to split a megabyte to keep twenty.
  const characters = [...text.slice(0, 2 * length + 2)];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/**
 * A name from outside, set apart from the text around it: right-to-left names do not reorder their neighbours, and very long
 * ones are cut, with what fits a tooltip in `title`.
 */
export function name(text: string, length = 60): Markup {
  const shown = clip(text, length);
  return shown === text ? html`<bdi>${text}</bdi>` : html`<bdi title="${clip(text, 300)}">${shown}</bdi>`;
}
