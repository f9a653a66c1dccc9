import { describe, expect, it } from "vitest";
import { slice } from "../../src/ops/slice.js";
import { f32 } from "./refusal.js";

describe("slice", () => {
  const extentsOf = (options: Omit<Parameters<typeof slice>[1], "axis">) => {
    const y = slice(f32(5), { axis: 0, ...options });
    if (y.op.name !== "slice") return "whole";
    const { starts, sizes, steps } = y.attributes as { starts: number[]; sizes: number[]; steps: number[] };
    return Array.from({ length: sizes[0]! }, (_, index) => starts[0]! + index * steps[0]!);
  };

  // What [0, 1, 2, 3, 4][start:end:step] is in Python.
  it.each([
    [{}, "whole"],
    [{ start: 1 }, [1, 2, 3, 4]],
    [{ end: -1 }, [0, 1, 2, 3]],
    [{ start: -2 }, [3, 4]],
    [{ start: -99, end: 99 }, "whole"],
    [{ start: 3, end: 1 }, []],
    [{ start: 99 }, []],
    [{ step: 2 }, [0, 2, 4]],
    [{ start: 1, end: 4, step: 2 }, [1, 3]],
    [{ step: -1 }, [4, 3, 2, 1, 0]],
    [{ start: 99, step: -1 }, [4, 3, 2, 1, 0]],
    [{ start: 3, step: -2 }, [3, 1]],
    [{ start: 3, end: 0, step: -1 }, [3, 2, 1]],
    [{ start: -1, end: -99, step: -1 }, [4, 3, 2, 1, 0]],
    [{ start: -99, step: -1 }, []],
    [{ start: 0, end: 3, step: -1 }, []],
  ])("with %j takes %j", (options, expected) => {
    expect(extentsOf(options)).toEqual(expected);
  });
});
