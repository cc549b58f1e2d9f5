import type { StatusEvent } from "@message-sender/core";
import { type Clock, inRealTime, type StatusCallbacks, type StatusDelivery } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { okAsync, ResultAsync } from "neverthrow";

import type { CallbackReceiver, CallbackReceivers } from "./callback-receiver.ts";
import { createEventPost, type EventPost } from "./post-event.ts";
import { createReceiverGate, type ReceiverGate } from "./receiver-gate.ts";

/** The options of `createStatusCallbacks`. */
export interface StatusCallbacksOptions {
  /** Gets the events of each tenant that has no receiver of its own. */
  readonly receiver?: CallbackReceiver;
  /** The tenants' own receivers. */
  readonly tenants?: CallbackReceivers;
  /** Allows receivers at loopback, private and link-local addresses. Default: false. */
  readonly allowPrivate?: boolean;
  /** Time limit for the complete answer. Default: 10,000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** The `StatusCallbacks` port over HTTP. */
export interface HttpStatusCallbacks extends StatusCallbacks {
  /** Call it after the sender is closed. Requests in flight are aborted after a second. */
  close(): Promise<void>;
}

/** How many events all receivers together may have in flight and waiting. The sender delivers no more at a time. */
const eventsAtOnce = 512;
const keptReceivers = 1000;

/**
 * Posts status events, signed according to Standard Webhooks (standardwebhooks.com), whose libraries can verify them. Any 2xx means
 * delivered, 410 that the receiver wants no more of this event, and anything else is retried. Redirects are not followed. A
 * connection is made only to addresses on the public internet, unless `allowPrivate`.
 *
 * Each receiver has its own connections, at most 16, and its own share of what is in flight, so a slow or dead one delays nobody
 * else.
 *
 * @example
 * ```ts
 * const statusCallbacks = createStatusCallbacks({
 *   receiver: { url: "https://crm.example.com/callbacks", secret: new Secret(secret) },
 * });
 * ```
 */
export function createStatusCallbacks(options: StatusCallbacksOptions): HttpStatusCallbacks {
  const { receiver: everyone = "none", tenants, clock = createSystemClock() } = options;
  const { allowPrivate = false, timeoutMs = 10_000 } = options;
  const receivers = new Map<string, { readonly gate: ReceiverGate; readonly posts: EventPost }>();
  const closing = new Set<Promise<void>>();

  /** The more receivers are in use, the smaller the share of each. */
  const share = (): number => {
    const inUse = [...receivers.values()].filter(({ gate }) => !gate.isIdle()).length;
    return Math.max(Math.floor(eventsAtOnce / (inUse + 1)), 2);
  };

  function receiverAt(url: string) {
    const known = receivers.get(url);
    if (known) return known;
    const receiver = {
      gate: createReceiverGate({ clock, share }),
      posts: createEventPost({ url }, { clock, timeoutMs, allowPrivate }),
    };
    receivers.set(url, receiver);
    if (receivers.size > keptReceivers) forgetIdle();
    return receiver;
  }

  function forgetIdle(): void {
    for (const [url, { gate, posts }] of receivers) {
      if (receivers.size <= keptReceivers / 2) return;
      if (!gate.isIdle()) continue;
      receivers.delete(url);
      const closed = posts.close().finally(() => closing.delete(closed));
      closing.add(closed);
    }
  }

  async function deliver(event: StatusEvent): Promise<StatusDelivery> {
    const { tenantId } = event.outlet;
    const found = await (tenants ?? noTenants).lookup(tenantId);
    if (found.isErr()) {
      const { reason, retryAt } = found.error;
      return { kind: "retry", reason: `unknown receiver: ${reason}`, ...(retryAt && { retryAt }) };
    }
    const receiver = found.value === "none" ? everyone : found.value;
    if (receiver === "none") return { kind: "unwanted" };
    const { gate, posts } = receiverAt(receiver.url);
    const result = await gate.pass(() => posts.post(event, receiver.secret));
    if ("httpStatus" in result && mayHaveMoved.has(result.httpStatus ?? 0)) tenants?.doubt(tenantId);
    return result;
  }

  return inRealTime({
    isWanted: (tenantId) => everyone !== "none" || (tenants !== undefined && tenants.known(tenantId) !== "none"),
    deliver: (event) => ResultAsync.fromSafePromise(deliver(event)),
    async close() {
      await Promise.all([...closing, ...Array.from(receivers.values(), ({ posts }) => posts.close())]);
    },
  });
}

const noTenants: Pick<CallbackReceivers, "lookup"> = { lookup: () => okAsync("none") };

/** The answers of a receiver that has another URL or secret by now. */
const mayHaveMoved: ReadonlySet<number> = new Set([400, 401, 403, 404, 410]);
