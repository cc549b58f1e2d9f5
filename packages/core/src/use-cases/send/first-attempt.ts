import { err, errAsync, type Result, ResultAsync } from "neverthrow";

import { newMessage, type NewMessage } from "../../domain/message-changes.ts";
import type { Draft, MessageRequest } from "../../domain/message.ts";
import type { SendPolicy } from "../../domain/retry-policy.ts";
import { closing, type ShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Credential } from "../../ports/credentials.ts";
import type { Ids } from "../../ports/ids.ts";
import type { RateKey, RateLimited } from "../../ports/pacer.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Accept } from "../accept/accept-message.ts";
import type { Key, KeyReused } from "../accept/idempotency.ts";
import type { AttemptResult, MakeAttempt } from "../attempt/attempt.ts";
import type { OutcomeUnrecorded } from "../attempt/commits.ts";
import type { WithPermit } from "../attempt/with-permit.ts";
import type { Paused, PauseCheck } from "../pauses/pause-check.ts";

/** A valid command, with what is needed to send it. */
export interface NewSend {
  readonly request: MessageRequest;
  readonly policy: SendPolicy;
  readonly key: Key | undefined;
  readonly credential: Credential;
  readonly rateKey: RateKey;
  /** Until when repeats may begin, and until when the first attempt waits for its permit. */
  readonly deadlineMs: number;
  readonly permitByMs: number;
}

type NotAttempted = Unavailable | Paused | KeyReused | RateLimited | OutcomeUnrecorded;

/**
 * Waits for the first slot of the schedule and a permit, stores the new message together with the intent of its first attempt, and
 * makes the attempt: a send costs two commits.
 */
export type FirstAttempt = (send: NewSend, quotaBlockId: string) => PromiseLike<Result<AttemptResult, NotAttempted>>;

interface FirstAttemptParts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly accept: Accept;
  readonly makeAttempt: MakeAttempt;
  readonly withPermit: WithPermit;
  readonly shutdown: ShutdownSignal;
  readonly pauseCheck: PauseCheck;
}

export function createFirstAttempt(parts: FirstAttemptParts): FirstAttempt {
  const { clock, ids, accept, makeAttempt, withPermit, shutdown, pauseCheck } = parts;

  function messageOf({ request, policy, key }: NewSend, quotaBlockId: string, acceptedAt: Date) {
    const id = ids.messageId();
    const fields: Draft<NewMessage> = { id, request, mode: "waiting", policy, acceptedAt, quotaBlockId };
    if (key) fields.idempotencyKey = { key: key.key, fingerprint: key.fingerprint };
    return newMessage(fields);
  }

  const attemptNow: FirstAttempt = (send, quotaBlockId) => {
    const { rateKey, permitByMs, credential } = send;
    const wanted = { rateKey, deadlineMs: permitByMs, ifClosing: closing };
    return withPermit<AttemptResult, NotAttempted, Unavailable>(wanted, (permit, waitedMs) => {
      const paused = pauseCheck.refusalNow(send.request, credential);
      if (paused) return errAsync(paused);
      const startedAt = clock.now();
      const message = messageOf(send, quotaBlockId, startedAt);
      const attempt = { message, credential, startedAt, commitIntent: accept, permit, waitedMs };
      return new ResultAsync(makeAttempt(attempt));
    });
  };

  async function attemptAfter(slotMs: number, send: NewSend, quotaBlockId: string) {
    return (await shutdown.sleep(slotMs)) ? attemptNow(send, quotaBlockId) : err(closing);
  }

  return (send, quotaBlockId) => {
    const slotMs = firstSlotOf(send.policy);
    return slotMs > 0 ? attemptAfter(slotMs, send, quotaBlockId) : attemptNow(send, quotaBlockId);
  };
}

export function firstSlotOf({ scheduleMs }: SendPolicy): number {
  return scheduleMs[0] ?? 0;
}
