/** Options that every command has. */
export interface Settings {
  /** One JSON document on standard output, and nothing else there. */
  readonly json: boolean;
  /** No progress. */
  readonly quiet: boolean;
  readonly color: boolean;
  /** Stack traces. */
  readonly debug: boolean;
}
