const FENCE = /^```ts\n([\s\S]*?)^```$/gm;

/** The ```ts blocks of a document. */
export function snippetsOf(document: string): readonly string[] {
  return [...document.matchAll(FENCE)].map(([, code]) => code!);
}

/** The code with each trailing `// => text` turned into a call of `__check(value, text)`. */
export function withChecks(code: string): string {
  return code
    .split("\n")
    .map((line) => {
      const found = /^(\s*)(.*?);?\s*\/\/ => (.*)$/.exec(line);
      if (!found) return line;
      const [, indent, statement, text] = found;
      const declared = /^(?:const|let) (\w+) = /.exec(statement!);
      const value = declared ? declared[1] : statement;
      return `${indent}${declared ? `${statement}; ` : ""}__check(${value}, ${JSON.stringify(text)});`;
    })
    .join("\n");
}
