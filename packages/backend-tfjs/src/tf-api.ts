/**
 * TensorFlow.js as far as we call it. Written down by hand, and not imported, because two installed copies of tfjs-core have types
 * that do not fit each other, and a namespace may come from either.
 */
export interface TfApi {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  getBackend(): string;
  /** The instance of a backend; null or undefined when it is not registered. */
  findBackend(name: string): unknown;
  engine(): TfEngine;
  // biome-ignore lint/suspicious/noExplicitAny: TensorFlow.js declares element types as a union of its own.
  tensor(values: any, shape: any, dtype: any): TfTensor;
  memory(): { readonly numBytes: number; readonly numTensors: number };
  enableProdMode?(): void;
  // biome-ignore lint/suspicious/noExplicitAny: asked for two flags only, which not every copy knows.
  env?(): any;
  readonly version_core?: string;
}

export interface TfEngine {
  // biome-ignore lint/suspicious/noExplicitAny: inputs and attributes differ by kernel.
  runKernel(kernel: string, inputs: any, attributes?: any): any;
}

export interface TfTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly size: number;
  /** What holds the elements: a reshaped tensor shares it. */
  readonly dataId: object;
  dispose(): void;
  // biome-ignore lint/suspicious/noExplicitAny: the typed array that belongs to dtype, which TensorFlow.js declares as a map.
  data(): Promise<any>;
}
