import { okAsync } from "neverthrow";

import { personPattern } from "../codecs/person-pattern.ts";
import type { Message } from "../domain/message.ts";
import type { Erasure } from "../ports/store/erasure.ts";
import type { InMemoryOutbox } from "./outbox.ts";
import type { InMemoryRecipients } from "./recipients.ts";
import type { InMemoryInbox } from "./webhook-inbox.ts";

interface ErasureParts {
  readonly recipients: InMemoryRecipients;
  readonly inbox: InMemoryInbox;
  readonly outbox: InMemoryOutbox;
  /** Replaces a message of the revision before, with its ids. */
  replace(next: Message): boolean;
}

export function createInMemoryErasure({ recipients, inbox, outbox, replace }: ErasureParts): Erasure {
  return {
    namesOf: (names) => okAsync(recipients.namesOf(names)),
    replace(next) {
      const isReplaced = replace(next);
      if (isReplaced) outbox.eraseEntriesOf(next.id);
      return okAsync(isReplaced);
    },
    forget(names) {
      const pattern = personPattern(names);
      const isAbout = (body: string) => pattern.test(body);
      const webhooks = new Set([...inbox.erase(isAbout), ...outbox.eraseWebhooks(isAbout)]);
      return okAsync({ recipients: recipients.erase(names), webhooks: webhooks.size });
    },
    clean: () => okAsync(undefined),
  };
}
