import { loadavg } from "node:os";

import { type Running, startSubject, stop } from "./processes.ts";
import { measureSends } from "./rounds.ts";
import type { SubjectEnvironment } from "./subject.ts";

/** CPU per send of two servers in memory, one right after the other. */
export interface ObservationPair {
  /** With the log, the metrics, the traces without an SDK, and API keys. */
  readonly observedMicros: number;
  /** With none of them. */
  readonly unobservedMicros: number;
  readonly loadAverage: number;
}

/** What it costs to be observed, in interleaved pairs: a machine that becomes slower affects both of a pair. */
export async function measureObservation(
  environment: SubjectEnvironment,
  { pairs, sends, warmUp }: { readonly pairs: number; readonly sends: number; readonly warmUp: number },
): Promise<readonly ObservationPair[]> {
  const observed = await startSubject("server-observed", environment);
  const unobserved = await startSubject("server-unobserved", environment);
  try {
    for (const subject of [observed, unobserved]) await measureSends(subject, warmUp);
    const measured: ObservationPair[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const order = pair % 2 === 0 ? [observed, unobserved] : [unobserved, observed];
      const micros = new Map<Running, number>();
      for (const subject of order) micros.set(subject, (await measureSends(subject, sends)).cpuMicros);
      measured.push({
        observedMicros: micros.get(observed) ?? Number.NaN,
        unobservedMicros: micros.get(unobserved) ?? Number.NaN,
        loadAverage: loadavg()[0] ?? Number.NaN,
      });
    }
    return measured;
  } finally {
    await Promise.all([stop(observed), stop(unobserved)]);
  }
}
