import { type Clock, type Credential, isIdentifier, throughputLevels } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { z } from "zod";

import { callKind, inClientSpan, notedEnd } from "../http/client-span.ts";
import { isSuccess } from "../http/exchange.ts";
import { parseJsonBody } from "../http/json-body.ts";
import { createGraphClient, type GraphTransportOptions } from "./graph-client.ts";

/** The throughput of numbers, as Meta's Graph API says it. */
export interface GraphThroughput {
  /**
   * How many messages the number may send per second, if Graph says that it has a higher throughput. Answers from memory, and
   * counts as a send: Graph is asked, in the background, about a number with many sends in a second. For `createPacer`.
   */
  throughputOf(phoneNumberId: string): number | undefined;
  /**
   * Notes with which credential Graph can be asked about its number. The number of a credential that states a throughput, or has a
   * provider, is not asked about.
   */
  note(credential: Credential): void;
  /** Asks anew about the numbers of an account, because their throughput has changed. Those whose account is unknown are included. */
  refresh(wabaId: string): void;
  /** Call it after the sender is closed. Requests in flight are aborted after a second. */
  close(): Promise<void>;
}

interface GraphThroughputOptions extends GraphTransportOptions {
  /** How many sends in a second make Graph worth asking. Default: 80, Meta's usual throughput. */
  readonly busyPerSecond?: number;
}

interface Entry {
  credential: Credential;
  perSecond?: number;
  /** Until when Graph is not asked again, by monotonic time. */
  knownUntilMs: number;
  secondMs: number;
  sends: number;
}

/** Cloud API, "Throughput": 1,000 after the upgrade. The default throughput is that of the pacer; coexistence numbers have it too. */
const levels: Readonly<Record<string, number>> = { HIGH: throughputLevels.HIGH };
const answerSchema = z.object({ throughput: z.object({ level: z.string() }) });

const keptMs = 3_600_000;
const failureKeptMs = 300_000;
const timeoutMs = 10_000;
const mostNumbers = 10_000;

/**
 * Asks Meta's Graph API for the throughput of busy numbers (`GET /{phone_number_id}?fields=throughput`; Cloud API, "Throughput"), at
 * most once an hour, over separate connections. No send waits for it.
 *
 * @example
 * ```ts
 * const throughput = createGraphThroughput({ version: "v25.0" });
 * const pacer = createPacer({ clock, permits: 256, throughputOf: throughput.throughputOf });
 * ```
 */
export function createGraphThroughput(options: GraphThroughputOptions = {}): GraphThroughput {
  const { url = "https://graph.facebook.com", version = "v25.0", busyPerSecond = throughputLevels.STANDARD } = options;
  const clock: Clock = options.clock ?? createSystemClock();
  const { routes } = createGraphClient(options, { maxConnections: 4 });
  const kind = callKind(url, "GET", "/{version}/{phone_number_id}");
  const entries = new Map<string, Entry>();

  async function ask({ accessToken, phoneNumberId }: Credential): Promise<string | undefined> {
    const { meta } = routes;
    const path = `/${version}/${encodeURIComponent(phoneNumberId)}?fields=throughput`;
    const headers = { [meta.authHeader]: meta.authPrefix + accessToken.reveal() };
    const answer = await inClientSpan(kind, async (span) =>
      notedEnd(span, await meta.request({ method: "GET", path, headers }, timeoutMs)),
    );
    if (answer.isErr() || !isSuccess(answer.value.status)) return undefined;
    return answerSchema.safeParse(parseJsonBody(answer.value.body)).data?.throughput.level;
  }

  /** In the background. What Graph said before holds until it says something else. */
  function learn(entry: Entry, nowMs: number): void {
    entry.knownUntilMs = nowMs + keptMs;
    const failed = (): void => void (entry.knownUntilMs = clock.monotonicMs() + failureKeptMs);
    ask(entry.credential).then((level) => {
      if (level === undefined) return failed();
      const perSecond = Object.hasOwn(levels, level) ? levels[level] : undefined;
      if (perSecond === undefined) delete entry.perSecond;
      else entry.perSecond = perSecond;
    }, failed);
  }

  function isBusy(entry: Entry, nowMs: number): boolean {
    if (nowMs - entry.secondMs >= 1000) {
      entry.secondMs = nowMs;
      entry.sends = 0;
    }
    entry.sends += 1;
    return entry.sends >= busyPerSecond;
  }

  return {
    throughputOf(phoneNumberId) {
      const entry = entries.get(phoneNumberId);
      if (!entry) return undefined;
      const nowMs = clock.monotonicMs();
      if (isBusy(entry, nowMs) && nowMs >= entry.knownUntilMs) learn(entry, nowMs);
      return entry.perSecond;
    },
    note(credential) {
      const { phoneNumberId, provider, throughputPerSecond } = credential;
      if (provider || throughputPerSecond !== undefined || !isIdentifier(phoneNumberId)) return;
      const known = entries.get(phoneNumberId);
      if (known) {
        known.credential = credential;
        return;
      }
      const [oldest] = entries.size < mostNumbers ? [] : entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
      entries.set(phoneNumberId, { credential, knownUntilMs: -Infinity, secondMs: -Infinity, sends: 0 });
    },
    refresh(wabaId) {
      const nowMs = clock.monotonicMs();
      for (const entry of entries.values()) {
        const { wabaId: own = wabaId } = entry.credential;
        if (own === wabaId && entry.knownUntilMs !== -Infinity) learn(entry, nowMs);
      }
    },
    close: routes.close,
  };
}
