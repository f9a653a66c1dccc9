import type { Column } from "../tables/table.js";
import { parseDecimal } from "./decimal.js";

/**
 * One column of a CSV file while it is read. Numbers are kept as numbers; cells are kept as text only where the column is
 * text from its first data row on, or where `keepText` asks for it, because strings of a large file do not fit in memory.
 */
export class CsvColumn {
  #numbers = new Float64Array(8);
  #text: string[] | undefined;
  #rows = 0;
  /** Whether every cell below the first row is a number. */
  numericBelow = true;
  /** Whether the column is text whose earlier cells were not kept: the file has to be read again. */
  textLost = false;

  constructor(readonly keepText: boolean) {
    if (keepText) this.#text = [];
  }

  /** Takes the next cell; `first` is the column's cell in row 0. */
  push(cell: string, first: string): void {
    const value = parseDecimal(cell);
    if (this.#rows === this.#numbers.length) {
      const larger = new Float64Array(this.#rows * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#rows] = value;
    this.#text?.push(cell);
    this.#rows++;
    if (this.#rows === 1 || !Number.isNaN(value)) return;
    this.numericBelow = false;
    if (this.#text !== undefined) return;
    if (this.#rows === 2) this.#text = [first, cell];
    else this.textLost = true;
  }

  get firstIsNumber(): boolean {
    return !Number.isNaN(this.#numbers[0]);
  }

  /** The column from row `from` on; `first` is the cell of row 0. */
  finish(name: string, from: 0 | 1, first: string): Column {
    const numeric = this.numericBelow && (from === 1 || this.firstIsNumber);
    const text = this.#text?.slice(from);
    if (!numeric) {
      return { kind: "text", name, values: text ?? this.#textAfter(first) };
    }
    const values = this.#numbers.slice(from, this.#rows);
    return text === undefined ? { kind: "number", name, values } : { kind: "number", name, values, spelled: text };
  }

  /** Only the first row is no number, and it is data: numbers below are printed back, which keeps their value. */
  #textAfter(first: string): string[] {
    return [first, ...Array.from(this.#numbers.subarray(1, this.#rows), String)];
  }
}
