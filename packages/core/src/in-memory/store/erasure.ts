import { okAsync } from "neverthrow";

import { personPattern } from "../../codecs/person-pattern.ts";
import { bytesOfWamid } from "../../codecs/wamid-bytes.ts";
import type { Message } from "../../domain/message.ts";
import type { Erasure } from "../../ports/store/erasure.ts";
import type { InMemoryOutbox } from "./outbox.ts";
import type { InMemoryParkedStatuses } from "./parked-statuses.ts";
import type { InMemoryRecipients } from "./recipients.ts";
import type { InMemoryInbox } from "./webhook-inbox.ts";

interface ErasureParts {
  readonly recipients: InMemoryRecipients;
  readonly inbox: InMemoryInbox;
  readonly outbox: InMemoryOutbox;
  readonly parkedStatuses: InMemoryParkedStatuses;
  /** Replaces a message of the revision before, with its ids. */
  replace(next: Message): boolean;
}

export function createInMemoryErasure(parts: ErasureParts): Erasure {
  const { recipients, inbox, outbox, parkedStatuses, replace } = parts;
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
      parkedStatuses.erase((wamid, text) => isAbout(text) || isAbout(bytesOfWamid(wamid)));
      return okAsync({ recipients: recipients.erase(names), webhooks: webhooks.size });
    },
    clean: () => okAsync(undefined),
  };
}
