import { type StatusEvent, statusEventsOf } from "../../domain/status-event.ts";
import type { Message } from "../../domain/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { NewOutboxEntry } from "../../ports/store/outbox.ts";
import type { StatusCallbacks } from "../../ports/status-callbacks.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** Gets each visible change of a message. What it throws, or rejects with, is recorded and changes nothing else. */
export type StatusListener = (event: StatusEvent) => unknown;

/** What a change of a message means for those who follow its status. */
interface StatusChange {
  /** The events to store in the commit of the change. */
  readonly entries: readonly NewOutboxEntry[];
  /** Tells the listeners. To be called once the change is committed. Absent if there is nothing to tell. */
  readonly announce?: () => void;
}

/** Follows the visible changes of messages. */
export interface StatusChanges {
  /** Without `before` the message is new. */
  prepare(before: Message | undefined, after: Message): StatusChange;
  /** Returns a function that ends the subscription. */
  subscribe(listener: StatusListener): () => void;
}

interface StatusChangesParts {
  readonly statusCallbacks?: StatusCallbacks;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

const nothing: StatusChange = { entries: [] };

export function createStatusChanges({ statusCallbacks, clock, telemetry }: StatusChangesParts): StatusChanges {
  const listeners = new Map<symbol, StatusListener>();

  function isWanted({ request }: Message): boolean {
    try {
      return statusCallbacks?.isWanted(request.outlet.tenantId) ?? false;
    } catch (error) {
      failed(error);
      return true;
    }
  }

  function tell(listener: StatusListener, event: StatusEvent): void {
    try {
      const answer = listener(event);
      if (answer instanceof Promise) answer.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  /** Only the kind of the error: its text may hold content. */
  function failed(error: unknown): void {
    const reason = error instanceof Error ? error.name : "it threw no error";
    telemetry.record({ kind: "BackgroundFault", where: "status listener", reason });
  }

  return {
    prepare(before, after) {
      if (before && before.version === after.version) return nothing;
      const wanted = isWanted(after);
      if (!wanted && listeners.size === 0) return nothing;
      const events = statusEventsOf(before, after, clock.now());
      return {
        entries: wanted ? events.map((entry) => ({ topic: "status", entry })) : [],
        announce() {
          for (const listener of listeners.values()) for (const event of events) tell(listener, event);
        },
      };
    },
    subscribe(listener) {
      const subscription = Symbol("status listener");
      listeners.set(subscription, listener);
      return () => void listeners.delete(subscription);
    },
  };
}
