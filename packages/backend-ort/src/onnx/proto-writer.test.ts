import { describe, expect, it } from "vitest";
import { ProtoWriter } from "./proto-writer.js";

const bytesOf = (write: (writer: ProtoWriter) => void) => {
  const writer = new ProtoWriter();
  write(writer);
  return [...writer.finish()];
};

describe("ProtoWriter", () => {
  // The examples of the Protocol Buffers documentation, byte for byte.
  it("writes integers seven bits a byte", () => {
    expect(bytesOf((writer) => writer.int(1, 150))).toEqual([0x08, 0x96, 0x01]);
    expect(bytesOf((writer) => writer.int(1, 0))).toEqual([0x08, 0x00]);
  });

  it("writes negative integers as ten bytes", () => {
    expect(bytesOf((writer) => writer.int(1, -2))).toEqual([0x08, 0xfe, ...Array(8).fill(0xff), 0x01]);
  });

  it("writes integers beyond 32 bits", () => {
    expect(bytesOf((writer) => writer.int(1, 2 ** 40))).toEqual([0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]);
  });

  it("writes text with its length in bytes, not in characters", () => {
    expect(bytesOf((writer) => writer.string(2, "testing"))).toEqual([0x12, 7, ...Buffer.from("testing")]);
    expect(bytesOf((writer) => writer.string(2, "μ"))).toEqual([0x12, 2, 0xce, 0xbc]);
  });

  it("writes nested messages and floats", () => {
    expect(bytesOf((writer) => writer.message(3, (inner) => inner.int(1, 150)))).toEqual([0x1a, 3, 0x08, 0x96, 1]);
    expect(bytesOf((writer) => writer.float(2, 0.5))).toEqual([0x15, 0, 0, 0, 0x3f]);
  });

  it("writes field numbers above 15 in two bytes", () => {
    expect(bytesOf((writer) => writer.int(20, 1))).toEqual([0xa0, 0x01, 1]);
  });
});
