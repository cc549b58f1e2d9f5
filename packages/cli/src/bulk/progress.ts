/** How far a run is. */
export interface Progress {
  readonly total: number;
  /** Accepted by an earlier start. */
  readonly before: number;
  accepted: number;
  failed: number;
}

/**
 * How many messages a second, and how long the rest takes at that rate. Of the first second nothing can be said.
 *
 * @internal
 */
export function progressText({ total, before, accepted, failed }: Progress, elapsedMs: number): string {
  const now = accepted + failed;
  const rate = elapsedMs >= 1000 ? (now * 1000) / elapsedMs : 0;
  const left = total - before - now;
  return [
    `${count(before + now)} of ${count(total)}`,
    ...(rate > 0 ? [`${count(Math.round(rate))}/s`] : []),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(rate > 0 && left > 0 ? [`${duration(left / rate)} left`] : []),
  ].join(" · ");
}

export function count(number: number): string {
  return number.toLocaleString("en-US");
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Shows progress on standard error: one line that changes on a terminal, a line every ten seconds elsewhere. */
export function showProgress(progress: Progress): { note(text: string): void; end(): void } {
  const { isTTY } = process.stderr;
  const startedMs = performance.now();
  const text = () => progressText(progress, performance.now() - startedMs);
  const timer = setInterval(
    () => process.stderr.write(isTTY ? `\r\u001B[K${text()}` : `${text()}\n`),
    isTTY ? 250 : 10_000,
  );
  return {
    note: (line) => void process.stderr.write(isTTY ? `\r\u001B[K${line}\n` : `${line}\n`),
    end() {
      clearInterval(timer);
      if (isTTY) process.stderr.write(`\r\u001B[K${text()}\n`);
    },
  };
}
