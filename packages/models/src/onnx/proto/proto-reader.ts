import { malformed } from "../errors.js";

/** How a field's content is written. Groups, which nobody writes any more, are refused. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;

/**
 * Reads one Protocol Buffers message, field by field. Nothing is copied but numbers and texts, no length is believed before it is
 * compared with the bytes that are left, and unknown fields are stepped over.
 *
 * Source   https://protobuf.dev/programming-guides/encoding
 */
export class ProtoReader {
  readonly #view: DataView;
  #at = 0;
  #wire = VARINT;

  constructor(
    readonly bytes: Uint8Array,
    /** What messages call the place. */
    readonly where: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Calls `visit` with the number of each field; content that it does not read is stepped over. */
  eachField(visit: (field: number) => void): void {
    while (this.#at < this.bytes.length) {
      const key = this.#unsigned();
      const field = Math.floor(key / 8);
      if (field === 0 || field > 0x1fffffff) throw malformed(`field number ${field}`, this.where);
      this.#wire = key % 8;
      const start = this.#at;
      visit(field);
      // No content is empty: a length or a number has at least one byte.
      if (this.#at === start) this.#skip();
    }
  }

  /** An integer; those beyond 2⁵³ become the nearest safe one, which is enough for positions that mean “to the end”. */
  int(): number {
    return saturated(this.bigint());
  }

  bigint(): bigint {
    this.#expect(VARINT);
    return this.#signed();
  }

  /** Appends one integer, or a packed list of them. */
  ints(into: bigint[]): void {
    if (this.#wire === VARINT) into.push(this.#signed());
    else this.#packed(() => into.push(this.#signed()));
  }

  float(): number {
    this.#expect(FIXED_32);
    return this.#view.getFloat32(this.#advance(4), true);
  }

  floats(into: number[]): void {
    const read = () => into.push(this.#view.getFloat32(this.#advance(4), true));
    if (this.#wire === FIXED_32) read();
    else this.#packed(read);
  }

  doubles(into: number[]): void {
    const read = () => into.push(this.#view.getFloat64(this.#advance(8), true));
    if (this.#wire === FIXED_64) read();
    else this.#packed(read);
  }

  /** A part of the bytes, not a copy. */
  slice(): Uint8Array {
    this.#expect(LENGTH);
    const length = this.#length();
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  text(): string {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.slice());
    } catch (cause) {
      if (cause instanceof TypeError) throw malformed("a text is not UTF-8", this.where);
      throw cause;
    }
  }

  message(where: string): ProtoReader {
    return new ProtoReader(this.slice(), where);
  }

  #packed(read: () => void): void {
    this.#expect(LENGTH);
    const length = this.#length();
    const end = this.#at + length;
    while (this.#at < end) read();
    if (this.#at !== end) throw malformed("a number crosses the end of its list", this.where);
  }

  #length(): number {
    const length = this.#unsigned();
    const left = this.bytes.length - this.#at;
    if (length > left) throw malformed(`${length} bytes are announced where ${left} are left`, this.where);
    return length;
  }

  #advance(count: number): number {
    const start = this.#at;
    if (count > this.bytes.length - start) throw malformed("the content ends too early", this.where);
    this.#at = start + count;
    return start;
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) throw malformed(`a field is written as ${this.#wire} and should be ${wire}`, this.where);
  }

  #skip(): void {
    if (this.#wire === VARINT) this.#signed();
    else if (this.#wire === FIXED_64) this.#advance(8);
    else if (this.#wire === LENGTH) this.#advance(this.#length());
    else if (this.#wire === FIXED_32) this.#advance(4);
    else throw malformed(`fields of kind ${this.#wire} are not written`, this.where);
  }

  #unsigned(): number {
    const value = BigInt.asUintN(64, this.#signed());
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
  }

  /** Seven bits a byte, lowest first, at most ten bytes; the 64 bits are a two's complement. */
  #signed(): bigint {
    let small = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.bytes[this.#advance(1)]!;
      small |= (byte & 127) << shift;
      if (byte < 128) return BigInt(small);
    }
    let value = BigInt(small);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.#advance(1)]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
    throw malformed("a number has more than ten bytes", this.where);
  }
}

/** The nearest safe integer. */
export function saturated(value: bigint): number {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return Number(value > limit ? limit : value < -limit ? -limit : value);
}
