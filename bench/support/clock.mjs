/** The upper median. */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Milliseconds of processor time, all threads together: on a shared machine the wall's clock mostly tells who else is there. */
export function processorNow() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds on the wall's clock, or of processor time. */
export const clock = (processorTime) => (processorTime ? processorNow : () => performance.now());

/** What each of so many runs took. */
export async function timesOf(run, steps, now = clock(false)) {
  const times = [];
  for (let step = 0; step < steps; step++) {
    const start = now();
    await run();
    times.push(now() - start);
  }
  return times;
}
