const windowMs = 2000;
/** The processor time of a process that only runs its timers is a hundredth of the time that passes. */
const mostIdleShare = 0.05;

interface IdleParts {
  /** Whether a message is being sent, or waits for a permit. */
  readonly isSending: () => boolean;
  readonly release: () => void;
}

/**
 * Calls `release` once, as soon as the process has had next to nothing to do for two seconds: nobody waits for it then, and
 * a process that ends earlier does not pay for it. Returns a function that cancels it.
 */
export function releaseWhenIdle({ isSending, release }: IdleParts): () => void {
  let before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    if (isSending() || user + system > windowMs * 1000 * mostIdleShare) return;
    clearInterval(timer);
    release();
  }, windowMs).unref();
  return () => clearInterval(timer);
}
