import { expect, it } from "vitest";
import { clip, escapeHtml, html, name } from "./markup.js";

it("escapes everything that is put in, and nothing twice", () => {
  const inner = html`<i>${"<&\"'>"}</i>`;
  expect(html`<b>${inner}${["<", 1, undefined, inner]}</b>`.text).toBe(
    "<b><i>&lt;&amp;&quot;&#39;&gt;</i>&lt;1<i>&lt;&amp;&quot;&#39;&gt;</i></b>",
  );
});

it("replaces what may not stand in HTML", () => {
  expect(escapeHtml("a\u0000b\u0085c\uD800d\uFFFFe\tf\n😀")).toBe("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\tf\n😀");
});

it("cuts between characters, not inside them", () => {
  expect(clip("😀😀😀", 3)).toBe("😀😀😀");
  expect(clip("😀😀😀😀", 3)).toBe("😀😀…");
  expect(clip("x".repeat(1e6), 4)).toBe("xxx…");
});

it("sets names apart and keeps the long ones reachable", () => {
  expect(name("שלום").text).toBe("<bdi>שלום</bdi>");
  expect(name("abcdef", 4).text).toBe('<bdi title="abcdef">abc…</bdi>');
});
