import { err, errAsync, ok, type Result, ResultAsync } from "neverthrow";

import { addEndedAttempt, conclude, releaseKey, holdBack } from "../../domain/message-changes.ts";
import type { Conclusion, HeldBackCause, Message } from "../../domain/message.ts";
import { canRetryWithSameKey } from "../../domain/status.ts";
import { templateRecheckMs } from "../../domain/next-step.ts";
import { isWithheld } from "../../domain/outcome.ts";
import type { OutletRef } from "../../content/identifiers.ts";
import { type Clock, fromNow } from "../../ports/clock.ts";
import type { Credential, CredentialsError } from "../../ports/credentials.ts";
import type { RateLimited, RateKey } from "../../ports/pacer.ts";
import type { Commits, OutcomeUnrecorded } from "./commits.ts";
import type { CredentialCache } from "../credentials/credential-cache.ts";
import { isPaused, type Paused, type PauseCheck } from "../pauses/pause-check.ts";
import { pauseRecheckMs } from "../pauses/pause-recheck.ts";
import type { TemplateCheck } from "../templates/template-check.ts";
import type { WithPermit } from "./with-permit.ts";
import type { AttemptResult, MakeAttempt } from "./attempt.ts";
import { expiryOf, type WallSteps } from "../../time/wall-steps.ts";

/** A message after an attempt, with the credential of that attempt. */
export interface InProgress extends AttemptResult {
  readonly credential?: Credential;
}

/** Why no attempt was made, or why it could not be recorded. */
type AttemptBlocked =
  | CredentialsError
  | RateLimited
  | OutcomeUnrecorded
  | typeof interrupted
  | typeof templatePaused
  | { readonly kind: "Paused"; readonly by: Paused };

const interrupted = { kind: "Interrupted" } as const;
const templatePaused = { kind: "TemplatePaused" } as const;

/** Takes the next step for a message. */
export interface NextAttempt {
  /**
   * Makes the attempt that is due. Records in the message what prevented the request, if something did; but a shutdown, and a limit
   * on all of its number, leave a queued message unchanged.
   */
  make(begun: InProgress, permitByMs: number): Promise<Result<InProgress, OutcomeUnrecorded>>;
  /** Concludes the message. If somebody else has changed it, commits nothing and returns the current document. */
  end(message: Message, conclusion: Omit<Conclusion, "at">): Promise<Result<Message, OutcomeUnrecorded>>;
}

export interface NextAttemptParts extends Pick<Commits, "commitIfUnchanged" | "commitIntent"> {
  readonly credentials: CredentialCache;
  readonly clock: Clock;
  readonly wallSteps: WallSteps;
  readonly makeAttempt: MakeAttempt;
  readonly withPermit: WithPermit;
  readonly templateCheck: TemplateCheck;
  readonly pauseCheck: PauseCheck;
  readonly spread: () => number;
}

export function createNextAttempt(parts: NextAttemptParts): NextAttempt {
  const { credentials, clock, wallSteps, makeAttempt, withPermit, commitIfUnchanged, commitIntent, spread } = parts;
  const { templateCheck, pauseCheck } = parts;

  function blockedBy(paused: Paused): AttemptBlocked {
    return { kind: "Paused", by: paused };
  }

  async function tryOnce(
    { message, outcome, credential: last }: InProgress,
    permitByMs: number,
  ): Promise<Result<InProgress, AttemptBlocked>> {
    const refused = outcome?.kind === "CredentialRefused" ? last : undefined;
    const found = await credentials.lookup(message.request.outlet, refused);
    if (found.isErr()) return err(found.error);
    const credential = found.value;
    if (message.mode === "queued" && (await templateCheck.paused(message.request, credential)))
      return err(templatePaused);
    const pausing = pauseCheck.refusal(message.request, credential);
    const refusal = pausing && (await pausing);
    if (refusal) return err(isPaused(refusal) ? blockedBy(refusal) : refusal);
    const tried = await withPermit<AttemptResult, AttemptBlocked, typeof interrupted>(
      { rateKey: rateKeyOf(message, credential), deadlineMs: permitByMs, ifClosing: interrupted },
      (permit, waitedMs) => {
        const paused = pauseCheck.refusalNow(message.request, credential);
        if (paused) return errAsync(blockedBy(paused));
        return new ResultAsync(
          makeAttempt({
            message,
            credential,
            startedAt: clock.now(),
            commitIntent: (intended) => commitIntent(message, intended),
            permit,
            waitedMs,
          }),
        );
      },
    );
    if (tried.isErr()) return err(tried.error);
    // After the extra attempt, no `lookup` says that the credential was rejected.
    if (tried.value.outcome?.kind === "CredentialRefused") credentials.refuse(message.request.outlet, credential);
    return ok({ ...tried.value, credential });
  }

  const end: NextAttempt["end"] = (message, conclusion) => {
    const concluded = conclude(message, { ...conclusion, at: clock.now() });
    return commitIfUnchanged(
      message,
      concluded !== message && canRetryWithSameKey(concluded) ? releaseKey(concluded) : concluded,
    );
  };

  async function withoutRequest(begun: InProgress, error: AttemptBlocked): Promise<Result<Message, OutcomeUnrecorded>> {
    const { message, credential } = begun;
    switch (error.kind) {
      case "OutcomeUnrecorded":
        return err(error);
      case "RateLimited":
        if (message.mode === "waiting") return end(message, heldBack(error));
        // A queue waits for its number without a commit of each message.
        return error.only
          ? commitIfUnchanged(message, holdBack(message, error.retryAt, expiryOf(wallSteps, message)))
          : ok(message);
      case "TemplatePaused": {
        const now = clock.now();
        const until = new Date(now.getTime() + Math.ceil(templateRecheckMs(message, now) * (1 + spread())));
        return commitIfUnchanged(message, holdBack(message, until, expiryOf(wallSteps, message), "template"));
      }
      case "Paused": {
        const { pause, reason, retryAt } = error.by;
        if (message.mode === "waiting") return end(message, heldBack({ retryAt, cause: "pause", reason }));
        // The queue does not work on lines of what else is paused. One template must not hold up the rest of its line.
        if (pause.kind !== "template") return ok(message);
        const until = fromNow(clock, pauseRecheckMs(pause, clock.now()) * (1 + spread()));
        return commitIfUnchanged(message, holdBack(message, until, expiryOf(wallSteps, message), "pause"));
      }
      case "Interrupted":
        return message.mode === "queued" ? ok(message) : end(message, { as: "interrupted" });
      case "OutletUnknown":
      case "NoOtherCredential":
        return end(message, { as: "refused" });
      case "Unavailable":
        return commitIfUnchanged(message, addEndedAttempt(message, notSentAttempt(error.reason, credential)));
    }
  }

  function notSentAttempt(cause: string, credential: Credential | undefined) {
    const at = clock.now();
    const outcome = { kind: "NotSent", final: false, cause } as const;
    return {
      startedAt: at,
      ...(credential && { phoneNumberId: credential.phoneNumberId }),
      spread: spread(),
      ended: { at, durationMs: 0, outcome },
    };
  }

  return {
    async make(begun, permitByMs) {
      const tried = await tryOnce(begun, permitByMs);
      if (tried.isOk()) return ok(tried.value);
      const { credential } = begun;
      const noted = await withoutRequest(begun, tried.error);
      return noted.map((message) => ({ message, ...(credential && { credential }) }));
    },
    end,
  };
}

interface HeldBack {
  readonly retryAt: Date;
  readonly cause: HeldBackCause;
  readonly reason: string;
}

/** The number of a credential, with what the credential says about its rate. */
export function numberKeyOf(
  { tenantId, outletId }: OutletRef,
  { phoneNumberId, throughputPerSecond }: Credential,
): Pick<RateKey, "tenantId" | "outletId" | "phoneNumberId" | "numberPerSecond"> {
  return throughputPerSecond === undefined
    ? { tenantId, outletId, phoneNumberId }
    : { tenantId, outletId, phoneNumberId, numberPerSecond: throughputPerSecond };
}

/** What the limits on the message's next attempt depend on. */
export function rateKeyOf(
  { request, mode, attempts }: Pick<Message, "request" | "mode" | "attempts">,
  credential: Credential,
): RateKey {
  const { outlet, to } = request;
  // Neither the extra attempt with changed credentials nor one after a withheld request is a retry of a failure.
  const last = attempts.findLast(({ ended }) => ended && !isWithheld(ended.outcome))?.ended?.outcome.kind;
  const isRetry = last !== undefined && last !== "CredentialRefused";
  return { ...numberKeyOf(outlet, credential), to, isRetry, isQueued: mode === "queued" };
}

function heldBack({ retryAt, cause, reason }: HeldBack): Omit<Conclusion, "at"> {
  return { as: "throttled", retryAt, heldBack: { because: cause, reason } };
}
