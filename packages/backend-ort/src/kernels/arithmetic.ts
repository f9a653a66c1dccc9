import type { DType, Shape } from "@semblance/core";
import type { GraphBuilder, Value } from "../onnx/graph-builder.js";
import { scalar } from "./scalar.js";

/** Elementwise nodes on values of one float type, for kernels that are composed of several. */
export function arithmetic(graph: GraphBuilder, like: { readonly shape: Shape; readonly dtype: DType }) {
  const value = (x: Value | number) => (typeof x === "number" ? scalar(graph, x, like.dtype) : x);
  const unary = (op: string) => (x: Value) => graph.node(op, [x], like);
  const binary = (op: string) => (a: Value | number, b: Value | number) => graph.node(op, [value(a), value(b)], like);
  const compare = (op: string) => (a: Value | number, b: Value | number) =>
    graph.node(op, [value(a), value(b)], { shape: like.shape, dtype: "bool" });
  return {
    abs: unary("Abs"),
    exp: unary("Exp"),
    neg: unary("Neg"),
    reciprocal: unary("Reciprocal"),
    sign: unary("Sign"),
    add: binary("Add"),
    sub: binary("Sub"),
    mul: binary("Mul"),
    div: binary("Div"),
    max: binary("Max"),
    less: compare("Less"),
    greater: compare("Greater"),
    greaterOrEqual: compare("GreaterOrEqual"),
    select: (condition: Value, a: Value | number, b: Value | number) =>
      graph.node("Where", [condition, value(a), value(b)], like),
  };
}
