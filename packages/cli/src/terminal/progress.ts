import type { RunEvent } from "../run/run-events.js";
import type { Terminal } from "./terminal.js";

const BAR = 24;
const REDRAW_MS = 100;

export interface ProgressOptions {
  readonly quiet: boolean;
  readonly epochs: number;
}

/** Tells on standard error how a run goes on: a bar on a screen, a line for each score and warning everywhere. */
export class Progress {
  #drawn = false;
  #selected = -1;
  #lastDraw = 0;
  #validated = false;
  readonly #started = performance.now();

  constructor(
    private readonly terminal: Terminal,
    private readonly options: ProgressOptions,
  ) {}

  readonly show = (event: RunEvent): void => {
    switch (event.type) {
      case "data": {
        const { name, rows, testRows, features, classes, device } = event;
        const labels = classes === undefined ? "" : `, ${classes} classes`;
        const test = testRows === undefined ? "" : ` and ${number(testRows)} for testing`;
        this.#line(`${name}: ${number(rows)} rows${test}, ${number(features)} features${labels}; on ${device}`);
        return;
      }
      case "note":
        this.#line(event.message);
        return;
      case "data-warning":
      case "warning":
        this.#line(`warning: ${event.message}`);
        return;
      case "start":
        if (event.resumed) this.#line(`resumed at step ${event.step} of ${event.totalSteps}`);
        return;
      case "step":
        this.#bar(event.step, event.totalSteps, event.epoch, event.loss);
        return;
      case "evaluation": {
        const values = Object.entries(event.values).map(([name, value]) => `${name} ${short(value)}`);
        this.#line(`epoch ${event.epoch + 1}: ${values.join(", ")}`);
        return;
      }
      case "validation": {
        const { epoch, name, score, best } = event;
        this.#validated = true;
        this.#line(`epoch ${epoch + 1}: validation ${name} ${short(score)}${best ? ", the best so far" : ""}`);
        return;
      }
      case "selected":
        this.#line(`kept epoch ${event.epoch + 1}: validation ${event.name} ${short(event.score)}`);
        return;
      case "stage":
        this.#line(event.message);
        return;
      case "path":
        this.#path(event);
        return;
      case "epoch":
      case "checkpoint":
        return;
      case "finish":
        if (event.reason === "stopped-early") {
          this.#line(`${this.#validated ? "epochs get no better" : "the loss no longer falls"}: stopped early`);
        } else this.clear();
        return;
      default:
        event satisfies never;
    }
  };

  /** Takes the bar off the screen. */
  clear(): void {
    if (this.#drawn) this.terminal.err("\r\u001b[K");
    this.#drawn = false;
  }

  #line(text: string): void {
    if (this.options.quiet) return;
    this.clear();
    this.terminal.err(`${text}\n`);
  }

  /** A line where the number of features changes; the steps between on a screen only, each in the place of the one before. */
  #path({ stage, features }: Extract<RunEvent, { type: "path" }>): void {
    const { weight, score, selected } = stage;
    const text = `alpha ${weight.toPrecision(3)}: ${selected.length} of ${features} features, score ${score.toPrecision(5)}`;
    if (selected.length !== this.#selected) this.#line(text);
    else if (!this.options.quiet && this.terminal.interactive) {
      this.#drawn = true;
      this.terminal.err(`\r\u001b[K${text}`);
    }
    this.#selected = selected.length;
  }

  #bar(step: number, total: number, epoch: number, loss: number): void {
    if (this.options.quiet || !this.terminal.interactive) return;
    const now = performance.now();
    if (now - this.#lastDraw < REDRAW_MS && step < total) return;
    this.#lastDraw = now;
    this.#drawn = true;
    const filled = Math.round((BAR * step) / total);
    const bar = "█".repeat(filled) + "░".repeat(BAR - filled);
    const seconds = ((now - this.#started) / 1000).toFixed(0);
    this.terminal.err(
      `\r\u001b[K${bar} epoch ${epoch + 1}/${this.options.epochs}  loss ${loss.toPrecision(5)}  ${seconds} s`,
    );
  }
}

const number = (value: number) => value.toLocaleString("en");
const short = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(3));
