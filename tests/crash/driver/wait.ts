export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether the condition became true in time. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await pause(50);
  }
  return true;
}

export interface QuietOptions {
  readonly quietMs: number;
  /** Changes with everything that happens. */
  readonly activity: () => unknown;
  readonly isBusy?: () => boolean;
  readonly limitMs?: number;
}

/** Whether nothing happened, and nobody was busy, for `quietMs` without a break. */
export function quiet({ quietMs, activity, isBusy = () => false, limitMs = Infinity }: QuietOptions): Promise<boolean> {
  let seen = activity();
  let since = performance.now();
  return until(() => {
    const now = activity();
    if (now !== seen || isBusy()) {
      seen = now;
      since = performance.now();
    }
    return performance.now() - since > quietMs;
  }, limitMs);
}
