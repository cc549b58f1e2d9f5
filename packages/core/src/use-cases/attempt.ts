import { err, ok, type Result } from "neverthrow";

import { callbackData } from "../domain/identifiers.ts";
import { type AttemptEnd, beginAttempt, endAttempt, type Message } from "../domain/message.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Clock } from "../ports/clock.ts";
import type { Credential } from "../ports/credentials.ts";
import type { History } from "../ports/history.ts";
import type { Commit, MessageStore, MessageUnknown } from "../ports/message-store.ts";
import type { R, Unavailable } from "../ports/result.ts";
import type { Submission, Transport } from "../ports/transport.ts";
import type { Drain } from "./drain.ts";
import { historyEntriesOf } from "./history-entry.ts";

/** The store was lost while an attempt's outcome was to be recorded: the message may have been sent. */
export interface OutcomeUnrecorded {
  readonly kind: "OutcomeUnrecorded";
  /** As it was known last. */
  readonly message: Message;
  readonly reason: string;
}

/** The message after a try; without an outcome where somebody else had changed it first. */
export interface Tried {
  readonly message: Message;
  readonly outcome?: Outcome;
}

export interface AttemptPorts {
  readonly messages: MessageStore;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly history?: History;
}

export interface AttemptOptions {
  readonly attemptTimeoutMs: number;
  /** Gives the share by which the wait after an attempt is lengthened. */
  readonly spread: () => number;
}

/** Makes one attempt: the intent is committed before the first byte, the outcome after the last. */
export function createAttempt(ports: AttemptPorts, options: AttemptOptions, drain: Drain) {
  const { transport, clock } = ports;
  const amend = createAmend(ports);

  /** A transport that throws, or is still silent when the sender gives up on it, may have sent. */
  async function outcomeOf(submission: Submission): Promise<Outcome> {
    try {
      const submitted = await drain.unlessCutOff(transport.submit(submission, options.attemptTimeoutMs));
      return submitted?.isOk() ? submitted.value : ambiguous("the sender was shut down before an answer came");
    } catch (error) {
      return ambiguous(`the transport failed: ${error instanceof Error ? error.name : "no error"}`);
    }
  }

  return async <E>(
    message: Message,
    credential: Credential,
    commitIntent: (intended: Message) => R<Commit, E>,
  ): Promise<Result<Tried, E | OutcomeUnrecorded>> => {
    const { phoneNumberId } = credential;
    const startedAt = clock.now();
    const intended = beginAttempt(message, { startedAt, phoneNumberId, spread: options.spread() });
    const intent = await commitIntent(intended);
    if (intent.isErr()) return err(intent.error);
    if (!intent.value.applied) return ok({ message: intent.value.message });

    const number = intended.attempts.length;
    const { to, content } = message.request;
    const submission = { credential, to, content, callbackData: callbackData(message.id, number) };
    const outcome = await outcomeOf(submission);
    const at = clock.now();
    const ended: AttemptEnd = { at, durationMs: at.getTime() - startedAt.getTime(), outcome };
    const recorded = await amend(intended, (current) => endAttempt(current, number, ended));
    return recorded.map((after) => ({ message: after, outcome }));
  };
}

function ambiguous(cause: string): Outcome {
  return { kind: "Ambiguous", sawSuccess: false, cause };
}

/** Commits a change together with what the history must be told of it, on the current document until it applies. */
export function createAmend({ messages, history }: Pick<AttemptPorts, "messages" | "history">) {
  return async (
    message: Message,
    change: (current: Message) => Message,
  ): Promise<Result<Message, OutcomeUnrecorded>> => {
    let current = message;
    for (;;) {
      const next = change(current);
      if (next === current) return ok(current);
      const outbox = history ? historyEntriesOf(current, next) : [];
      const committed = await messages.commit({ next, outbox });
      if (committed.isErr()) return err(unrecorded(current, committed.error));
      if (committed.value.applied) return ok(next);
      current = committed.value.message;
    }
  };
}

export function unrecorded(message: Message, error: Unavailable | MessageUnknown): OutcomeUnrecorded {
  const reason = error.kind === "Unavailable" ? error.reason : "the store has lost the message";
  return { kind: "OutcomeUnrecorded", message, reason };
}
