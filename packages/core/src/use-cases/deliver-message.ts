import { err, errAsync, ok, type Result, ResultAsync } from "neverthrow";

import { addEndedAttempt, conclude, type Conclusion, freeKey, type Message } from "../domain/message.ts";
import { nextStep } from "../domain/next-step.ts";
import { hasOpenAmbiguity } from "../domain/status.ts";
import type { Credential, Credentials, CredentialsError } from "../ports/credentials.ts";
import type { HeldBack, Pacer } from "../ports/pacer.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import {
  type AttemptOptions,
  type AttemptPorts,
  createAmend,
  createAttempt,
  type OutcomeUnrecorded,
  type Tried,
  unrecorded,
} from "./attempt.ts";
import type { Drain } from "./drain.ts";
import { recordAttempt, recordEnd } from "./record-telemetry.ts";

export interface DeliveryPorts extends AttemptPorts {
  readonly credentials: Credentials;
  readonly pacer: Pacer;
  readonly telemetry: Telemetry;
}

/** A message after an attempt, and what it was made with. */
export interface Begun extends Tried {
  readonly credential: Credential;
}

/** Why a repeat made no request, or did not become known. */
type Hindrance = CredentialsError | HeldBack | OutcomeUnrecorded | typeof interrupted;

const interrupted = { kind: "Interrupted" } as const;

/** Carries a message from its first attempt to its end. The rules are `nextStep`'s; the loop only moves facts. */
export function createDeliverMessage(ports: DeliveryPorts, options: AttemptOptions, drain: Drain) {
  const { messages, credentials, pacer, clock, telemetry } = ports;
  const attempt = createAttempt(ports, options, drain);
  const amend = createAmend(ports);

  async function repeat(
    message: Message,
    refused: Credential | undefined,
    deadlineAt: Date,
  ): Promise<Result<Begun, Hindrance>> {
    const found = await credentials.lookup(message.request.outlet, refused);
    if (found.isErr()) return err(found.error);
    const credential = found.value;
    const commitIntent = (intended: Message) =>
      messages.commit({ next: intended }).mapErr((error) => unrecorded(message, error));
    const tried = await pacer.within<Tried, Hindrance>(
      { ...message.request, ...message.request.outlet, ...credential },
      deadlineAt,
      () => (drain.closing ? errAsync(interrupted) : new ResultAsync(attempt(message, credential, commitIntent))),
    );
    return tried.map((after) => ({ ...after, credential }));
  }

  const end = (message: Message, conclusion: Omit<Conclusion, "at">) =>
    amend(message, (current) => {
      const concluded = conclude(current, { ...conclusion, at: clock.now() });
      return concluded !== current && mayBeTriedAnew(concluded) ? freeKey(concluded) : concluded;
    });

  /** What stopped a repeat before its request was made is a fact about the message too. */
  async function withoutRequest(
    message: Message,
    credential: Credential,
    error: Hindrance,
  ): Promise<Result<Message, OutcomeUnrecorded>> {
    switch (error.kind) {
      case "OutcomeUnrecorded":
        return err(error);
      case "HeldBack":
        return end(message, { as: "throttled", retryAt: error.until });
      case "Interrupted":
        return end(message, { as: "interrupted" });
      case "OutletUnknown":
      case "NoOtherCredential":
        return end(message, { as: "refused" });
      case "Unavailable":
        return amend(message, (current) => {
          const at = clock.now();
          const outcome = { kind: "NotSent", final: false, cause: error.reason } as const;
          const { phoneNumberId } = credential;
          const ended = { at, durationMs: 0, outcome };
          return addEndedAttempt(current, { startedAt: at, phoneNumberId, spread: options.spread(), ended });
        });
    }
  }

  const recordedEnd = (ended: Result<Message, OutcomeUnrecorded>) =>
    ended.andTee((message) => recordEnd(telemetry, message));

  return async (begun: Begun, deadlineAt: Date): Promise<Result<Message, OutcomeUnrecorded>> => {
    let { message, credential, outcome } = begun;
    for (;;) {
      recordAttempt(telemetry, message, deadlineAt);
      const step = nextStep(message, deadlineAt);
      if (step.kind === "Settled" || step.kind === "InFlight") return recordedEnd(ok(message));
      if (step.kind === "Conclude") return recordedEnd(await end(message, step.conclusion));
      if (!(await drain.sleepUntil(step.notBefore))) return recordedEnd(await end(message, { as: "interrupted" }));
      const refused = outcome?.kind === "CredentialRefused" ? credential : undefined;
      const repeated = await repeat(message, refused, deadlineAt);
      if (repeated.isOk()) ({ message, credential, outcome } = repeated.value);
      else {
        const noted = await withoutRequest(message, credential, repeated.error);
        if (noted.isErr()) return noted;
        message = noted.value;
      }
    }
  };
}

/** Nothing was sent and WhatsApp refused nothing, so the caller may try again under the same key. */
function mayBeTriedAnew(message: Message): boolean {
  const as = message.conclusion?.as;
  return (as === "throttled" || as === "interrupted") && !hasOpenAmbiguity(message);
}
