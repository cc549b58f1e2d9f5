import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { Identifier, MessageId } from "../../content/identifiers.ts";
import { abandon, needsUnitToBeResent, requeue } from "../../domain/message-changes.ts";
import type { Message } from "../../domain/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { QuotaError } from "../../ports/quota.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { Telemetry } from "../../ports/telemetry.ts";
import type { Commits } from "../attempt/commits.ts";
import { findMessage, type MessageNotFound } from "../accept/find-message.ts";
import type { QuotaUnits } from "../quota/quota-units.ts";
import { recordEnd } from "../attempt/record-telemetry.ts";

/** What to do with a message whose outcome is unknown, or that failed. */
export interface ResolveMessageCommand {
  readonly messageId: MessageId;
  /**
   * `resend` puts a message that is unknown or failed into the queue and restarts its schedule. It takes a unit of quota only if
   * the message's own unit was returned. `abandon` concludes an unknown message as failed; its unit stays used.
   */
  readonly action: "resend" | "abandon";
  /** Only a message of this tenant. */
  readonly tenantId?: Identifier;
  /** Who asks for it, such as the id of an API key: it is recorded in the message. */
  readonly by?: string;
}

/** The message's state does not allow the action. */
export interface Conflict {
  readonly kind: "Conflict";
  readonly message: Message;
  readonly action: ResolveMessageCommand["action"] | "cancel" | "replay history";
}

/** Why a message was not resolved. */
export type ResolveMessageError = MessageNotFound | Conflict | QuotaError;

/** A message that can be resent but has no unit of quota. */
interface UnitNeeded {
  readonly kind: "UnitNeeded";
  readonly message: Message;
}

interface ResolveMessageParts extends Pick<Commits, "commitWithRetry"> {
  readonly messages: MessageStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly units: QuotaUnits;
  readonly ttlMs: number;
}

/** Lets an operator resend or abandon a message. */
export function createResolveMessage({
  messages,
  clock,
  telemetry,
  units,
  commitWithRetry,
  ttlMs,
}: ResolveMessageParts): (command: ResolveMessageCommand) => ResultAsync<Message, ResolveMessageError> {
  async function decide(
    message: Message,
    { action, by }: Pick<ResolveMessageCommand, "action" | "by">,
    blockId?: string,
  ): Promise<Result<Message, Conflict | UnitNeeded | Unavailable>> {
    let isResolved = false;
    let lacksUnit = false;
    const amended = await commitWithRetry(message, (current) => {
      const now = clock.now();
      lacksUnit = action === "resend" && blockId === undefined && needsUnitToBeResent(current);
      if (lacksUnit) return current;
      // An unneeded unit is returned when this call ends.
      const block = needsUnitToBeResent(current) ? blockId : undefined;
      const expiresAt = new Date(now.getTime() + ttlMs);
      const next = action === "abandon" ? abandon(current, now, by) : requeue(current, now, expiresAt, block, by);
      isResolved = next !== current;
      return next;
    });
    if (amended.isErr()) return err({ kind: "Unavailable", reason: amended.error.reason });
    if (lacksUnit) return err({ kind: "UnitNeeded", message: amended.value });
    return isResolved ? ok(amended.value) : err({ kind: "Conflict", message: amended.value, action });
  }

  async function resendWithUnit(
    message: Message,
    by: string | undefined,
  ): Promise<Result<Message, Conflict | UnitNeeded | QuotaError>> {
    const { tenantId } = message.request.outlet;
    let taken: string | undefined;
    return units.withUnit<Message, Conflict | UnitNeeded | Unavailable>(
      tenantId,
      (resolved) =>
        resolved.isErr() ? useOfFailure(resolved.error) : resolved.value.quotaBlockId === taken ? "left" : "unused",
      (blockId) => {
        taken = blockId;
        return decide(message, { action: "resend", ...(by !== undefined && { by }) }, blockId);
      },
    );
  }

  async function resolve(command: ResolveMessageCommand): Promise<Result<Message, ResolveMessageError>> {
    const { messageId, action, tenantId, by } = command;
    const found = await findMessage(messages, messageId, tenantId);
    if (found.isErr()) return err(found.error);
    const decided = await decide(found.value, command);
    const resolved =
      decided.isErr() && decided.error.kind === "UnitNeeded"
        ? await resendWithUnit(decided.error.message, by)
        : decided;
    if (resolved.isOk()) recordEnd(telemetry, resolved.value);
    return resolved.mapErr((error) =>
      error.kind === "UnitNeeded" ? { kind: "Conflict", message: error.message, action } : error,
    );
  }

  return (command) => new ResultAsync(resolve(command));
}

/** The store may still have applied the commit: it then knows whether the unit is used. */
function useOfFailure({ kind }: Conflict | UnitNeeded | Unavailable): "left" | "unused" {
  return kind === "Unavailable" ? "left" : "unused";
}
