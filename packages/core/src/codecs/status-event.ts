import type { StatusEvent } from "../domain/status-event.ts";

const times = ["at", "queuedAt", "sentAt", "deliveredAt", "readAt", "failedAt"] as const;

/** Encodes an event as JSON for a store or a queue. Times are ISO 8601 in UTC, to the millisecond. */
export function encodeStatusEvent(event: StatusEvent): string {
  return JSON.stringify(event);
}

/** Decodes what `encodeStatusEvent` returned, exact to the code point and millisecond. Throws for anything that is not JSON. */
export function decodeStatusEvent(text: string): StatusEvent {
  const event = JSON.parse(text) as Record<string, unknown>;
  for (const name of times) if (name in event) event[name] = new Date(event[name] as string);
  return event as unknown as StatusEvent;
}
