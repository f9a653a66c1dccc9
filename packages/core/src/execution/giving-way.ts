/** How long timers and signals may wait. */
const LONGEST_MS = 50;

/**
 * A pause for work that would not leave the thread by itself: it lets timers and signals run, where some time has passed since they did.
 */
export function givingWay(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < LONGEST_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    since = performance.now();
  };
}
