/** What there is to say of a backend on this machine: one entry of `semblance doctor`. */
export interface DeviceReport {
  /** The backend's name in a job file. */
  readonly name: string;
  readonly available: boolean;
  /** What it runs on, in words. */
  readonly device: string;
  /** The version of the runtime underneath, where one could be loaded. */
  readonly version?: string;
  /** The processor or graphics adapter, as far as it can be told. */
  readonly hardware?: string;
  /** Why it is not available. */
  readonly reason?: string;
  /** What to do about that. */
  readonly cure?: string;
}
