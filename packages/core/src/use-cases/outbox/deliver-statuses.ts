import type { StatusEvent } from "../../domain/status-event.ts";
import type { ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import { type Clock, toMonotonicMs } from "../../ports/clock.ts";
import type { ClaimedEntry, Outbox } from "../../ports/store/outbox.ts";
import type { StatusCallbacks, StatusDelivery } from "../../ports/status-callbacks.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Tracing } from "../../ports/tracing.ts";
import { keptReason } from "./kept-reason.ts";
import type { OutboxDelivery } from "./outbox-delivery.ts";
import { nextTryAt, statusRetryScheduleMs } from "./retry-schedule.ts";
import { createSettleTogether } from "./settle-together.ts";

interface StatusDeliveryPorts {
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly tracing: Tracing;
  readonly shutdown: Pick<ShutdownSignal, "sleep">;
}

type Claimed = ClaimedEntry<StatusEvent>;

const leaseMs = 30_000;
/** Each delivery is on its own, so that a slow receiver delays nobody else. */
const deliveriesAtOnce = 512;
const claimedAtOnce = 64;
/** Events that become due within this time are claimed together. */
const gatherMs = 10;
/** An event that found no place is looked for this often, for so long. Later the rounds of the background work find it. */
const [lookAgainMs, longestLookMs] = [100, 1000];
const longestRetryMs = statusRetryScheduleMs.reduce((sum, ms) => sum + ms, 0);

/** Delivers status events: each at least once, and in version order per message. A failed delivery is retried for three days. */
export function createStatusDelivery(ports: StatusDeliveryPorts, callbacks: StatusCallbacks): OutboxDelivery<"status"> {
  const { outbox, clock, telemetry, tracing, shutdown } = ports;
  const settle = createSettleTogether(outbox, fault);
  const inFlight = new Set<Promise<void>>();
  let claiming: Promise<void> | undefined;
  let isWokenMeanwhile = false;
  let isGathering = false;
  let lookUntilMs = -Infinity;
  let isLooking = false;

  /** Claims until nothing more is due, or enough is in flight. */
  async function claim(): Promise<void> {
    for (;;) {
      const limit = Math.min(claimedAtOnce, deliveriesAtOnce - inFlight.size);
      if (limit <= 0) return;
      const claimed = await outbox.claim("status", { limit, leaseMs });
      if (claimed.isErr()) return fault(claimed.error.reason);
      for (const each of claimed.value) begin(each);
      if (claimed.value.length < limit) return;
    }
  }

  function begin(claimed: Claimed): void {
    const ofMessage = () => tracing.forMessage(claimed.entry.traceparent, () => deliver(claimed));
    // A call of any message may have woken this.
    const delivery = tracing
      .detached(ofMessage)
      .catch((error: unknown) => fault(nameOf(error)))
      .finally(() => {
        inFlight.delete(delivery);
        // The next event of the message may be due now.
        wakeSoon();
      });
    inFlight.add(delivery);
  }

  async function deliver(claimed: Claimed): Promise<void> {
    const { entry: event, enqueuedAt } = claimed;
    const result = await resultOf(event);
    const now = clock.now();
    switch (result.kind) {
      case "delivered": {
        const isSettled = await settle(claimed.id, "delivered");
        if (isSettled)
          record(event, { kind: "CallbackDelivered", lagMs: Math.max(0, now.getTime() - enqueuedAt.getTime()) });
        return;
      }
      case "unwanted":
        return void (await settle(claimed.id, "unwanted"));
      case "refused":
        return bury(claimed, result);
      case "busy":
        if (isTooOld(claimed, now)) return bury(claimed, result);
        await postpone(claimed, result, result.retryAt, true);
        return void lookAgain(result.retryAt);
      case "retry": {
        const retryAt = nextTryAt(statusRetryScheduleMs, claimed.earlierClaims, now, result.retryAt);
        return retryAt && !isTooOld(claimed, now) ? postpone(claimed, result, retryAt) : bury(claimed, result);
      }
    }
  }

  /** A delivery that never ends must not keep its place for good. */
  async function resultOf(event: StatusEvent): Promise<StatusDelivery> {
    let result: StatusDelivery = { kind: "retry", reason: `not delivered within ${leaseMs / 1000} seconds` };
    const deliver = async (): Promise<void> => {
      try {
        result = (await callbacks.deliver(event)).unwrapOr(result);
      } catch (error) {
        result = { kind: "retry", reason: `the delivery failed: ${nameOf(error)}` };
      }
    };
    await clock.sleep(leaseMs, deliver());
    return result;
  }

  async function postpone(claimed: Claimed, why: Reason, retryAt: Date, untried = false): Promise<void> {
    const isSettled = await settle(claimed.id, { retryAt, untried }, keptReason(why.reason));
    if (isSettled && !untried) record(claimed.entry, { kind: "CallbackRetried", retryAt, ...reasonOf(why) });
  }

  async function bury(claimed: Claimed, why: Failure): Promise<void> {
    if (await settle(claimed.id, "dead", keptReason(why.reason))) {
      const refused = why.kind === "refused" && { refused: true as const };
      record(claimed.entry, { kind: "CallbackDead", ...refused, ...reasonOf(why) });
    }
  }

  function record({ messageId, version, outlet }: StatusEvent, event: CallbackEvent): void {
    telemetry.record({ messageId, version, tenantId: outlet.tenantId, ...event });
  }

  function fault(reason: string): void {
    telemetry.record({ kind: "BackgroundFault", where: "status outbox", reason });
  }

  /** One claim at a time. Resolves once there was a whole one after this call. */
  function claimDue(): Promise<void> {
    isWokenMeanwhile = true;
    return (claiming ??= claimRepeatedly());
  }

  async function claimRepeatedly(): Promise<void> {
    while (isWokenMeanwhile) {
      isWokenMeanwhile = false;
      await claim().catch((error: unknown) => fault(nameOf(error)));
    }
    claiming = undefined;
  }

  async function lookAgain(at: Date): Promise<void> {
    const untilMs = Math.min(toMonotonicMs(clock, at), clock.monotonicMs() + longestLookMs) + lookAgainMs;
    lookUntilMs = Math.max(lookUntilMs, untilMs);
    if (isLooking) return;
    isLooking = true;
    while (clock.monotonicMs() < lookUntilMs && (await shutdown.sleep(lookAgainMs))) wakeSoon();
    isLooking = false;
  }

  async function gather(): Promise<void> {
    isGathering = true;
    const isOpen = await shutdown.sleep(gatherMs);
    isGathering = false;
    // The last events are delivered by the `tick` of the shutdown, before the store is closed.
    if (isOpen) await claimDue();
  }

  const wakeSoon = (): void => (isGathering ? undefined : void gather());

  return {
    topic: "status",
    leaseMs,
    wake: wakeSoon,
    hasRoom: (entering) => inFlight.size + entering < deliveriesAtOnce,
    take: begin,
    async tick() {
      do {
        await claimDue();
        await Promise.all(inFlight);
        await claimDue();
      } while (inFlight.size > 0);
    },
  };
}

type Failure = Extract<StatusDelivery, { readonly reason: string }>;
type Reason = Pick<Failure, "reason" | "httpStatus">;
type CallbackEvent =
  | { readonly kind: "CallbackDelivered"; readonly lagMs: number }
  | ({ readonly kind: "CallbackRetried"; readonly retryAt: Date } & Reason)
  | ({ readonly kind: "CallbackDead"; readonly refused?: true } & Reason);

/** Deliveries that were not tried are not counted, but they must end too. */
function isTooOld({ enqueuedAt }: Claimed, now: Date): boolean {
  return now.getTime() - enqueuedAt.getTime() >= longestRetryMs;
}

function reasonOf({ reason, httpStatus }: Reason): Reason {
  return { reason, ...(httpStatus !== undefined && { httpStatus }) };
}

/** Only the kind of the error: its text may hold content. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "no error";
}
