import { html, type Markup } from "./markup.js";

/** A titled part of the report, or a line that says why it is empty. */
export function section(
  id: string,
  title: Markup | string,
  content: Markup | readonly Markup[] | string,
  className?: string,
): Markup {
  const body = typeof content === "string" ? html`<p class="empty">${content}</p>` : content;
  return html`<section id="${id}"${className === undefined ? undefined : html` class="${className}"`}>
<h2>${title}</h2>
${body}
</section>
`;
}
