import type { Tensor } from "./tensor.js";

/**
 * When each tensor of a program is computed: after how many host calls.
 *
 * At first the number on the longest way to it. Then device work that is connected with nothing that the next host calls read is put off
 * until after them: it joins the work that reads it, and what lies between need not be handed from one graph to another. Where a host call
 * reads labels alone, as the choice of pairs does, the whole training step becomes one graph again.
 *
 * @param order the tensors of a program, inputs first
 * @param isLeaf what has its value beforehand, or by the host
 */
export function levelsOf(order: readonly Tensor[], isLeaf: (tensor: Tensor) => boolean): ReadonlyMap<Tensor, number> {
  const level = new Map<Tensor, number>();
  for (const tensor of order) {
    const before = Math.max(0, ...tensor.inputs.map((read) => level.get(read)!));
    level.set(tensor, tensor.op.name === "hostCall" ? before + 1 : before);
  }
  const last = Math.max(0, ...level.values());
  for (let at = 0; at < last; at++) {
    const members = order.filter((tensor) => level.get(tensor) === at && !isLeaf(tensor));
    const groups = connected(members);
    const urgent = new Set<object>();
    for (const { op, inputs } of order.filter((tensor) => level.get(tensor) === at + 1)) {
      if (op.name === "hostCall") for (const read of inputs) if (groups.has(read)) urgent.add(groups.get(read)!);
    }
    for (const tensor of members) if (!urgent.has(groups.get(tensor)!)) level.set(tensor, at + 1);
  }
  return level;
}

/** The group of each tensor: those of which one reads the other are in one. */
function connected(tensors: readonly Tensor[]): ReadonlyMap<Tensor, object> {
  const members = new Map<Tensor, Set<Tensor>>();
  for (const tensor of tensors) {
    let group = new Set([tensor]);
    members.set(tensor, group);
    for (const input of tensor.inputs) {
      const other = members.get(input);
      if (!other || other === group) continue;
      const [smaller, larger] = other.size < group.size ? [other, group] : [group, other];
      for (const member of smaller) {
        larger.add(member);
        members.set(member, larger);
      }
      group = larger;
    }
  }
  return members;
}
