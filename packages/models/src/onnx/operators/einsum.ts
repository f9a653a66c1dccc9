import { matmul, mul, reshape, slice, sum, type Tensor, transpose } from "@semblance/core";
import type { Call } from "../translate/call.js";

/** A tensor whose axes have names. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/**
 * Einstein's summation convention: axes that share a letter run together, and letters that the result does not name are summed.
 * Factors are multiplied from the left, two at a time, as matrix products over the letters that both have.
 */
export function einsum(call: Call): Tensor {
  const equation = call.text("equation", "").replaceAll(" ", "");
  const [left = "", right] = equation.split("->");
  const terms = left.split(",");
  const factors = call.inputs.map((_, at) => call.number(at));
  if (terms.length !== factors.length)
    throw call.fault(`"${equation}" is for ${terms.length} tensors, not ${factors.length}`);
  const widest = Math.max(0, ...terms.map((term, at) => ellipsisWidth(call, term, factors[at]!.rank)));
  const named = terms.map((term, at) => ({ x: factors[at]!, labels: labelsOf(call, term, factors[at]!.rank) }));
  const result = right === undefined ? implicit(named, widest) : expandDots(right, widest);
  const extents = extentsOf(call, named);
  const unknown = result.find((label) => !extents.has(label));
  if (unknown !== undefined || new Set(result).size !== result.length)
    throw call.fault(`"${equation}" has no such result`);

  const parts = named.map((factor) => diagonal(squeezed(factor, extents)));
  let product = parts[0]!;
  for (let at = 1; at < parts.length; at++) {
    const needed = new Set([...result, ...parts.slice(at + 1).flatMap(({ labels }) => labels)]);
    product = contract(product, parts[at]!, needed);
  }
  const { x, labels } = summed(product, new Set(result));
  const present = result.filter((label) => labels.includes(label));
  const ordered = transpose(
    x,
    present.map((label) => labels.indexOf(label)),
  );
  // A letter whose axes all have one element was taken out.
  return reshape(
    ordered,
    result.map((label) => extents.get(label)!),
  );
}

const ellipsisWidth = (call: Call, term: string, rank: number) => {
  if (!term.includes("...")) return 0;
  const width = rank - (term.length - 3);
  if (width < 0) throw call.fault(`"${term}" has more letters than the ${rank} axes of its tensor`);
  return width;
};

/** Axes of an ellipsis are numbered from the right, as they are aligned. */
const dots = (width: number) => Array.from({ length: width }, (_, at) => `.${width - at}`);
const expandDots = (term: string, width: number) => {
  const [before = "", after] = term.split("...");
  return after === undefined ? [...before] : [...before, ...dots(width), ...after];
};

function labelsOf(call: Call, term: string, rank: number): string[] {
  const labels = expandDots(term, ellipsisWidth(call, term, rank));
  if (labels.length !== rank || labels.some((label) => !/^[A-Za-z]$|^\.\d+$/.test(label))) {
    throw call.fault(`"${term}" does not name ${rank} axes by letters`);
  }
  return labels;
}

/** Without an arrow: the axes of the ellipsis, then the letters that occur once, in alphabetical order. */
function implicit(factors: readonly Labelled[], widest: number): string[] {
  const counts = new Map<string, number>();
  for (const label of factors.flatMap(({ labels }) => labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  const once = [...counts].filter(([label, count]) => count === 1 && !label.startsWith(".")).map(([label]) => label);
  return [...dots(widest), ...once.sort()];
}

function extentsOf(call: Call, factors: readonly Labelled[]): Map<string, number> {
  const extents = new Map<string, number>();
  for (const { x, labels } of factors) {
    labels.forEach((label, axis) => {
      const [known = 1, own] = [extents.get(label), x.shape[axis]!];
      if (known !== own && known !== 1 && own !== 1)
        throw call.fault(`"${label}" is ${known} in one tensor and ${own} in another`);
      extents.set(label, known === 1 ? own : known);
    });
  }
  return extents;
}

/** Takes out axes of one element that stand for more: they are the same along that letter. */
function squeezed({ x, labels }: Labelled, extents: ReadonlyMap<string, number>): Labelled {
  const kept = labels.map((label, axis) => x.shape[axis] === extents.get(label) && extents.get(label) !== 1);
  return {
    x: reshape(
      x,
      x.shape.filter((_, axis) => kept[axis]),
    ),
    labels: labels.filter((_, axis) => kept[axis]),
  };
}

/** A letter that occurs twice in one tensor reads the elements where both positions agree. */
function diagonal({ x, labels }: Labelled): Labelled {
  const label = labels.find((each, at) => labels.indexOf(each) !== at);
  if (label === undefined) return { x, labels };
  const [first, second] = labels.flatMap((each, at) => (each === label ? [at] : [])) as [number, number];
  const others = labels.map((_, at) => at).filter((at) => at !== first && at !== second);
  const outer = others.map((at) => x.shape[at]!);
  const extent = x.shape[first]!;
  const flat = reshape(transpose(x, [...others, first, second]), [...outer, extent * extent]);
  const taken = slice(flat, { axis: outer.length, step: extent + 1 });
  return diagonal({ x: taken, labels: [...others.map((at) => labels[at]!), label] });
}

function summed({ x, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (needed.has(label) ? [] : [axis]));
  return { x: sum(x, { axes }), labels: labels.filter((label) => needed.has(label)) };
}

/** The product of two, with the letters that are needed later. */
function contract(a: Labelled, b: Labelled, needed: ReadonlySet<string>): Labelled {
  const left = summed(a, new Set([...needed, ...b.labels]));
  const right = summed(b, new Set([...needed, ...a.labels]));
  const shared = left.labels.filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => needed.has(label));
  const inner = shared.filter((label) => !needed.has(label));
  const rows = left.labels.filter((label) => !shared.includes(label));
  const columns = right.labels.filter((label) => !shared.includes(label));
  const size = (from: Labelled, names: readonly string[]) =>
    names.reduce((product, name) => product * from.x.shape[from.labels.indexOf(name)]!, 1);
  const grouped = (from: Labelled, groups: readonly (readonly string[])[]) =>
    reshape(
      transpose(
        from.x,
        groups.flat().map((label) => from.labels.indexOf(label)),
      ),
      groups.map((names) => size(from, names)),
    );
  const extents = [...batch, ...rows].map((label) => left.x.shape[left.labels.indexOf(label)]!);
  const shape = [...extents, ...columns.map((label) => right.x.shape[right.labels.indexOf(label)]!)];
  const factors = [grouped(left, [batch, rows, inner]), grouped(right, [batch, inner, columns])] as const;
  const y = inner.length === 0 ? mul(...factors) : matmul(...factors);
  return { x: reshape(y, shape), labels: [...batch, ...rows, ...columns] };
}
