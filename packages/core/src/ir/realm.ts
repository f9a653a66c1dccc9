import { VERSION } from "../version.js";

/**
 * What all installed copies of one version of core have in common.
 *
 * Package managers may install core twice: once for the application and once for a plugin. Their tensors meet in one graph, which is
 * sorted by `id` and cut by call, so both copies must count on, and each must know the other's primitives. Copies of different
 * versions may disagree on what an operator means, and share nothing.
 */
interface Realm {
  tensors: number;
  hostCalls: number;
  readonly primitives: WeakSet<object>;
}

const REALM: unique symbol = Symbol.for(`@semblance/core@${VERSION}:realm`) as never;
const shared = globalThis as { [REALM]?: Realm };

shared[REALM] ??= { tensors: 0, hostCalls: 0, primitives: new WeakSet() };
export const realm: Realm = shared[REALM];
