import type { Failure } from "../domain/failure.ts";
import { advise } from "../domain/recipient.ts";
import type { Recipients } from "../ports/recipients.ts";

/** Puts what is known of the recipient into a failure's advice. Where the store cannot be asked, the advice stays as it is. */
export function createAdviseFailure(recipients: Recipients) {
  return async (failure: Failure, phoneNumberId: string, recipient: string, at: Date): Promise<Failure> => {
    if (!failure.concerns) return failure;
    const known = await recipients.find(phoneNumberId, recipient);
    return known.isOk() ? advise(failure, known.value, at) : failure;
  };
}
