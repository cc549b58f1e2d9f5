import type { ResultAsync } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import type { Unavailable } from "../unavailable.ts";

/** Removes a person from what the store keeps. Everything that it does can be repeated. */
export interface Erasure {
  /**
   * The names of a person, the given ones included: phone numbers with their `+`, and user ids. Recipients that WhatsApp knows by
   * one of the names, and its name for one of them, are the same person.
   */
  namesOf(names: readonly string[]): ResultAsync<readonly string[], Unavailable>;
  /**
   * Replaces a finished message by the same message without its recipient (`eraseMessage`), if its stored revision is the one before.
   * Returns whether it did. The message is no longer found by its recipient, its reference or its ids of WhatsApp. Its key stays in use,
   * for any request. Outbox entries of it keep their place, without the recipient. What was said of its outbox entries when they were
   * not delivered is gone. Parked statuses of its ids are gone.
   */
  replace(next: Message): ResultAsync<boolean, Unavailable>;
  /**
   * Forgets what was noted about these recipients, opt-outs included, and each kept webhook that mentions one of them, wherever it waits.
   * Parked statuses that mention one of them go too, uncounted: a WhatsApp id (`bytesOfWamid`) has the number of the recipient.
   */
  forget(names: readonly string[]): ResultAsync<Forgotten, Unavailable>;
  /**
   * Removes from the files of the store what `replace` and `forget` removed before, also before a restart. It may do nothing if they
   * removed nothing since the last time. A store without files of its own, or where others do that, does nothing.
   */
  clean(): ResultAsync<void, Unavailable>;
}

/** How much was forgotten. */
export interface Forgotten {
  readonly recipients: number;
  readonly webhooks: number;
}
