import type { TfApi } from "../tf-api.js";

/** What of TensorFlow.js's namespace is used to find its devices, stated by shape: a second copy of its types would not fit the first. */
export interface TfNamespace extends TfApi {
  env(): {
    set(flag: string, value: boolean): void;
    getAsync(flag: string): Promise<unknown>;
    getBool(flag: string): boolean;
  };
  enableProdMode(): void;
  backend(): unknown;
  findBackendFactory(name: string): unknown;
  registerBackend(name: string, factory: unknown): boolean;
  removeBackend(name: string): void;
}

/** TensorFlow.js with the kernels of one device registered. */
export interface LoadedTensorflow {
  readonly tf: TfNamespace;
  /** The adapter, where the loader met one. */
  readonly hardware?: string;
  /** Called when the backend is disposed of. */
  readonly release?: () => void;
}
