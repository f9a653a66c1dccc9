import { disposedOf } from "./errors.js";

/** Calls of an estimator wait for the one before: a compiled program serves one caller at a time. */
export class Turns {
  #disposed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly owner: string) {}

  /** @throws ConfigError ESTIMATOR_DISPOSED */
  async take<Result>(method: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#disposed) throw disposedOf(this.owner, method);
    const turn = this.#last.catch(() => {}).then(work);
    this.#last = turn.catch(() => {});
    return await turn;
  }

  /** Ends it: what is under way is waited for, later calls are refused. A second time nothing happens. */
  async end(close: () => Promise<void>): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#last.catch(() => {});
    await close();
  }
}
