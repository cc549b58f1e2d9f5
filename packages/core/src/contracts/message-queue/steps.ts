import { expect } from "vitest";

import { outletName } from "../../content/identifiers.ts";
import type { Message } from "../../domain/message.ts";
import type { LineRef } from "../../ports/store/message-queue.ts";
import { type ExampleFields, exampleMessage } from "../fixtures.ts";
import { succeeds } from "../results.ts";
import { accept, later } from "../store/steps.ts";
import type { AnotherProcess, StoreSubject } from "../store/subject.ts";

export interface QueuedFields extends ExampleFields {
  /** When it may first be sent, from now. Default: at once. */
  readonly inMs?: number;
}

let recipients = 0;

/** A new queued message, to a recipient of its own. */
export function queued({ clock }: StoreSubject, { inMs = 0, ...fields }: QueuedFields = {}): Message {
  const to = `+62812${String((recipients += 1)).padStart(7, "0")}`;
  const message = exampleMessage({ to, ...fields, mode: "queued", acceptedAt: later(clock, Math.min(inMs, 0)) });
  return inMs > 0 ? { ...message, policy: { ...message.policy, scheduledAt: later(clock, inMs) } } : message;
}

/** Accepts a queued message. */
export async function enqueue(subject: StoreSubject, fields: QueuedFields = {}): Promise<Message> {
  const message = queued(subject, fields);
  expect(await accept(subject, message)).toEqual({ kind: "New" });
  return message;
}

export async function claim({ queue }: Pick<AnotherProcess, "queue">, limit = 100): Promise<readonly LineRef[]> {
  return succeeds(await queue.claim(limit));
}

/** Claims, and says which lines it got. */
export async function claimNames(process: Pick<AnotherProcess, "queue">, limit = 100): Promise<string[]> {
  return (await claim(process, limit)).map(outletName);
}

export async function heads({ queue }: StoreSubject, lines: readonly LineRef[], each = 100) {
  return succeeds(await queue.heads(lines, each));
}

/** The ids of the messages of lines that are due. */
export async function headIds(subject: StoreSubject, lines: readonly LineRef[], each = 100): Promise<string[]> {
  return (await heads(subject, lines, each)).map(({ id }) => id);
}

export async function release({ queue }: Pick<AnotherProcess, "queue">, lines: readonly LineRef[]): Promise<void> {
  succeeds(await queue.release(lines));
}

/** The line of the examples. */
export const line: LineRef = { tenantId: "tenant-1", outletId: "outlet-1" };
