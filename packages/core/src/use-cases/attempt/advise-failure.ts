import type { Failure } from "../../domain/failure.ts";
import { advise, merged, type Recipient } from "../../domain/recipient.ts";
import type { Recipients } from "../../ports/store/recipients.ts";

/** The recipient of a message: as the request named them, and as WhatsApp resolved them, if known. */
interface WrittenTo {
  readonly phoneNumberId: string;
  readonly to: string;
  readonly waId?: string;
}

/** The failure with advice that includes what is known about the recipient at that time. */
export type AdviseFailure = (failure: Failure, recipient: WrittenTo, at: Date) => Promise<Failure>;

/**
 * Adds what is known about the recipient to a failure's advice. WhatsApp rewrites some numbers (Mexico, Brazil, Argentina) and
 * uses the rewritten form in webhooks, so facts noted under that form count too. If the store is unavailable, the advice stays
 * unchanged.
 */
export function createAdviseFailure({ recipients }: { readonly recipients: Recipients }): AdviseFailure {
  async function knownOf({ phoneNumberId, to, waId }: WrittenTo): Promise<Recipient | undefined> {
    const asked = await recipients.find(phoneNumberId, to);
    if (asked.isErr()) return undefined;
    const name = waId === undefined ? asked.value.knownAs : recipientOf(waId);
    if (name === undefined || name === to) return asked.value;
    const resolved = await recipients.find(phoneNumberId, name);
    return resolved.isOk() ? merged(asked.value, resolved.value) : undefined;
  }

  return async (failure, recipient, at) => {
    if (!failure.concerns || failure.concerns === "pause") return failure;
    const known = await knownOf(recipient);
    return known ? advise(failure, known, at) : failure;
  };
}

/** A `wa_id` in the form in which recipients are noted: a phone number with its `+`, or a user id unchanged. */
export function recipientOf(waId: string): string {
  return /^[0-9]+$/.test(waId) ? `+${waId}` : waId;
}
