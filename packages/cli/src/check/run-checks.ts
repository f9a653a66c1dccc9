import { checkNotStarted, failureOfEnd, groupUnknown } from "./check-errors.js";
import { type CheckProcessOptions, runCheckProcess } from "./check-process.js";
import { type CheckFailure, type CheckRequest, type ListedCheck, PACKAGE_CHECKS } from "./messages.js";

export interface CheckResult {
  readonly group: string;
  readonly title: string;
  readonly status: "passed" | "failed" | "skipped";
  readonly seconds: number;
  readonly failure?: CheckFailure;
  /** Why it was skipped. */
  readonly reason?: string;
}

export interface RunChecksOptions extends Omit<CheckProcessOptions, "onMessage"> {
  /** Told in the order of the list. */
  readonly onResult: (result: CheckResult) => void;
}

/** A plugin that ends this many processes is not given another, nor one that lets this many run out of time. */
const MOST_PROCESSES = 20;
const MOST_EXPIRED = 3;

/**
 * Runs a plugin's checks. Each that ends its process, or that takes too long, fails by its name, and the rest goes on in a fresh one.
 *
 * @throws ConfigError OPTION_INVALID when --only names a group that the plugin does not have
 * @throws SemblanceError CHECK_NOT_STARTED
 */
export async function runChecks(
  request: Omit<CheckRequest, "from">,
  { onResult, ...options }: RunChecksOptions,
): Promise<CheckResult[]> {
  const run = new CheckRun(request.only, onResult);
  let expired = 0;
  for (let processes = 1; ; processes++) {
    const end = await runCheckProcess(
      { ...request, from: run.next },
      {
        ...options,
        onMessage: (message) => {
          switch (message.type) {
            case "begins":
              return run.begin(message.check, message.index);
            case "passed":
              return run.end(message.index);
            case "failed":
              return run.end(message.index, message.failure);
            case "listed":
              return run.list(message.checks, message.groups);
          }
        },
      },
    );
    if (run.error) throw run.error;
    if (end === undefined || options.signal?.aborted) break;
    const current = run.current;
    if (!current) throw checkNotStarted(end);
    run.lose(failureOfEnd(end, current, options.timeLimitSeconds));
    if (run.isOver) break;
    if (end.expired) expired++;
    if (expired === MOST_EXPIRED) run.skipRest(`not run: ${MOST_EXPIRED} checks had not ended in time`);
    else if (processes === MOST_PROCESSES) run.skipRest(`not run: ${MOST_PROCESSES} checks had ended their process`);
    if (run.isOver) break;
  }
  run.release();
  if (!options.signal?.aborted) run.skipRest("not run: the package could not be used again");
  return run.results;
}

/** What is known while processes come and go. */
class CheckRun {
  readonly results: CheckResult[] = [];
  /** The check of the list that is the next to run. */
  next = 0;
  error: Error | undefined;
  #list: readonly ListedCheck[] | undefined;
  #running: { readonly check: ListedCheck; readonly index: number } | undefined;
  #since = performance.now();
  /** With --only nothing is told before its groups are known to be there. */
  #held: CheckResult[] | undefined;

  constructor(
    private readonly only: readonly string[],
    private readonly onResult: (result: CheckResult) => void,
  ) {
    if (only.length > 0) this.#held = [];
  }

  /** The check that runs, or that would have been the next. */
  get current(): ListedCheck | undefined {
    return this.#running?.check ?? this.#list?.[this.next];
  }

  /** Whether nothing can follow: all is done, or the package cannot even be used. */
  get isOver(): boolean {
    return this.#list === undefined || this.next >= this.#list.length;
  }

  list(checks: readonly ListedCheck[], groups: readonly string[]): void {
    const known = ["package", ...groups];
    const unknown = this.only.find((group) => !known.includes(group));
    if (unknown !== undefined) this.error ??= groupUnknown(unknown, known);
    if (this.error) return;
    this.#list ??= checks;
    this.release();
    this.#passOver();
  }

  begin(check: ListedCheck, index: number): void {
    if (index !== this.next && index >= 0) return;
    this.#running = { check, index };
    this.#since = performance.now();
  }

  /** A check that ended. One of the package may fail in a later process: then the check that was to run next cannot. */
  end(index: number, failure?: CheckFailure): void {
    if (this.#running?.index === index) this.#finish(this.#running.check, index, failure);
    else if (index < 0 && failure && this.current)
      this.lose({ ...failure, where: PACKAGE_CHECKS.at(index)?.title ?? "" });
  }

  /** The check that runs, or would have been the next, failed with its process. */
  lose(failure: CheckFailure): void {
    const index = this.#running?.index ?? this.next;
    if (this.current) this.#finish(this.current, index, failure);
  }

  skipRest(reason: string): void {
    for (const { group, title, skip } of this.#list?.slice(this.next) ?? []) {
      this.#report({ group, title, status: "skipped", seconds: 0, reason: skip ?? reason });
    }
    this.next = this.#list?.length ?? this.next;
  }

  #finish({ group, title }: ListedCheck, index: number, failure: CheckFailure | undefined): void {
    this.#running = undefined;
    const seconds = Number(((performance.now() - this.#since) / 1000).toFixed(3));
    if (index >= 0) this.next = index + 1;
    this.#report(
      failure ? { group, title, status: "failed", seconds, failure } : { group, title, status: "passed", seconds },
    );
    this.#passOver();
  }

  /** Reports the skipped checks that are next, up to the first that is to be run. */
  #passOver(): void {
    for (let check = this.#list?.[this.next]; check?.skip !== undefined; check = this.#list?.[this.next]) {
      this.#report({ group: check.group, title: check.title, status: "skipped", seconds: 0, reason: check.skip });
      this.next++;
    }
  }

  /** Tells what was kept back until it was known that there is anything to run. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const result of held) this.onResult(result);
  }

  #report(result: CheckResult): void {
    this.results.push(result);
    if (this.#held) this.#held.push(result);
    else this.onResult(result);
  }
}
