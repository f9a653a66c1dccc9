import { concatenated } from "./bytes.js";

export interface NpyParts {
  readonly descr: string;
  readonly shape: string;
  readonly body: Uint8Array;
  readonly fortran?: boolean;
  readonly version?: 1 | 2 | 3;
}

/** An NPY file put together by hand, so that its header can be wrong. */
export function npyFile({ descr, shape, body, fortran = false, version = 1 }: NpyParts): Uint8Array {
  const order = fortran ? "True" : "False";
  const header = new TextEncoder().encode(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': (${shape}), }\n`);
  const length =
    version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return concatenated([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0, ...length], header, body);
}
