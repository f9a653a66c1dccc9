import { expect } from "vitest";

const RLO = "\u202E";
/** A text that tries everything. */
export const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;${RLO}שלום\u0000\uD800`;

/** The names of all elements, by the tokeniser's rule: every `<` that is followed by a letter opens one. */
const elements = (page: string) =>
  new Set([...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag!.toLowerCase()));

const ALLOWED = new Set(
  (
    "html head meta title style body main header h1 h2 section p ul li strong dl div dt dd strong small span bdi pre details summary " +
    "table caption thead tbody tr th td figure figcaption svg desc path text circle g"
  ).split(" "),
);

/** Whether every element that is opened is closed, in order. */
function isBalanced(page: string): boolean {
  const open: string[] = [];
  for (const [, closing, tag, selfClosed] of page
    .replace(/<!doctype html>/, "")
    .matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
    if (tag === "meta" || selfClosed === "/") continue;
    if (closing === "") open.push(tag!);
    else if (open.pop() !== tag) return false;
  }
  return open.length === 0;
}

/** What every report owes, whatever was put into it. */
export function expectSound(page: string): void {
  expect([...elements(page)].filter((tag) => !ALLOWED.has(tag))).toEqual([]);
  expect(isBalanced(page)).toBe(true);
  // Nothing is loaded from anywhere: the only addresses are fragments, and there are none of those either.
  expect(page).not.toMatch(/\b(?:src|href)\s*=|url\(|@import|https?:/i);
  expect(page).not.toMatch(/\son[a-z]+\s*=\s*["']/i);
  expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
  expect(page).not.toMatch(/[\u0000-\u0008]|\p{Surrogate}/u);
  const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [svg] of page.matchAll(/<svg [^>]*>/g)) expect(svg).toMatch(/role="img" aria-label|aria-hidden="true"/);
}
