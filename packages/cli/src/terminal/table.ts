/** Columns of text, aligned: the first to the left, the others to the right unless told. Without a line end after the last row. */
export function table(
  rows: readonly (readonly string[])[],
  { align = "right", gap = 3 }: { readonly align?: "left" | "right"; readonly gap?: number } = {},
): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      widths
        .map((width, column) => {
          const cell = row[column] ?? "";
          return column === 0 || align === "left" ? cell.padEnd(width) : cell.padStart(width);
        })
        .join(" ".repeat(gap))
        .trimEnd(),
    )
    .join("\n");
}
