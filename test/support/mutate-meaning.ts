import type { Key } from "@semblance/core";
import { supportedOnnxOperators } from "@semblance/models";
import { onnx } from "onnx-proto";

/** Numbers that shapes, axes and counts are not expected to be. */
const NASTY = [
  0,
  -1,
  1,
  2,
  3,
  7,
  -3,
  33,
  1000,
  2 ** 20,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 40,
  Number.MAX_SAFE_INTEGER,
];
const TYPES = [1, 2, 3, 6, 7, 8, 9, 10, 11, 13, 16];

/**
 * A file that is well formed and says something else than the seed: other operators, attributes, shapes, names, types and versions.
 * The same for the same key.
 */
export function meaningMutated(seed: Uint8Array, key: Key): Uint8Array {
  const numbers = key.uniform(128);
  let next = 0;
  const draw = () => numbers[next++ % numbers.length]!;
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(draw() * list.length)];
  const nasty = () => pick(NASTY)!;
  const model = onnx.ModelProto.decode(new Uint8Array(seed));
  const graph = model.graph as onnx.IGraphProto;
  const names = () => [...graph.node!.flatMap(({ output }) => output!), ...graph.input!.map(({ name }) => name!), ""];

  const changes: readonly (() => void)[] = [
    () => {
      const node = pick(graph.node!);
      if (node) node.opType = pick(supportedOnnxOperators)!;
    },
    () => {
      const attribute = pick(pick(graph.node!)?.attribute ?? []);
      if (!attribute) return;
      if (attribute.ints?.length) attribute.ints[Math.floor(draw() * attribute.ints.length)] = nasty();
      else if (attribute.type === 1) attribute.f = draw() < 0.5 ? nasty() : Number.NaN;
      else attribute.i = nasty();
    },
    () => {
      const node = pick(graph.node!);
      const name = pick([
        "axis",
        "axes",
        "k",
        "group",
        "kernel_shape",
        "pads",
        "blocksize",
        "num_groups",
        "size",
        "to",
        "start",
      ]);
      if (!node) return;
      const list = ["axes", "kernel_shape", "pads"].includes(name!);
      node.attribute!.push(
        list ? { name: name!, type: 7, ints: [nasty(), nasty()] } : { name: name!, type: 2, i: nasty() },
      );
    },
    () => {
      const tensor = pick(graph.initializer!);
      if (tensor?.int64Data?.length) tensor.int64Data[Math.floor(draw() * tensor.int64Data.length)] = nasty();
      else if (tensor?.floatData?.length) tensor.floatData[0] = nasty();
    },
    () => {
      const extent = pick(pick(graph.input!)?.type?.tensorType?.shape?.dim ?? []);
      if (extent) extent.dimValue = nasty();
    },
    () => {
      const node = pick(graph.node!);
      if (node?.input?.length) node.input[Math.floor(draw() * node.input.length)] = pick(names())!;
    },
    () => {
      const node = pick(graph.node!);
      if (draw() < 0.5) node?.input?.push(pick(names())!);
      else node?.output?.push(`extra ${next}`);
    },
    () => {
      const type = pick(graph.input!)?.type?.tensorType;
      if (type) type.elemType = pick(TYPES)!;
    },
    () => {
      const version = model.opsetImport[0];
      if (version) version.version = 1 + Math.floor(draw() * 25);
    },
  ];
  for (let count = 1 + Math.floor(draw() * 3); count > 0; count--) pick(changes)!();
  return onnx.ModelProto.encode(model).finish();
}
