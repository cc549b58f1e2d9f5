import { okAsync, ResultAsync } from "neverthrow";

import type { StatusEvent } from "../../domain/status-event.ts";
import { createRecordingStatusCallbacks } from "../../in-memory/index.ts";
import type { StatusCallbacks, StatusDelivery } from "../../ports/status-callbacks.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeStatusCallbacksContract, statusCallbacksContract } from "./contract.ts";
import type { StatusCallbacksSubject } from "./subject.ts";

const setup = (): StatusCallbacksSubject => {
  const callbacks = createRecordingStatusCallbacks();
  callbacks.answer("unwanted", "unwanted");
  return {
    callbacks,
    wanted: "wanted",
    unwanted: "unwanted",
    arrived: async () =>
      callbacks.events.map(({ messageId, version, to, reference, status, failure, at }) => ({
        messageId,
        version,
        to,
        status,
        at,
        ...(reference !== undefined && { reference }),
        ...(failure && { failure }),
      })),
    goAway: () => callbacks.answer("wanted", { kind: "retry", reason: "it is gone" }),
  };
};

const broken =
  (change: (kept: StatusCallbacks) => Partial<StatusCallbacks>) =>
  (subject: StatusCallbacksSubject): StatusCallbacksSubject => ({
    ...subject,
    callbacks: { ...subject.callbacks, ...change(subject.callbacks) },
  });

const answering = (spoil: (said: StatusDelivery, event: StatusEvent) => StatusDelivery) =>
  broken((kept) => ({ deliver: (event) => kept.deliver(event).map((said) => spoil(said, event)) }));

describeStatusCallbacksContract({ name: "recording status callbacks", setup });

describeSabotage(statusCallbacksContract, {
  setup,
  sabotages: {
    "Whether the tenant's events are wanted": [
      broken((kept) => ({ isWanted: (tenantId) => tenantId !== "wanted" && kept.isWanted(tenantId) })),
      broken((kept) => {
        const asked = new Set<string>();
        return {
          isWanted: (tenantId) => !asked.has(tenantId) && Boolean(asked.add(tenantId)) && kept.isWanted(tenantId),
        };
      }),
    ],
    "`false` only where it is known that nobody wants them": [
      broken(() => ({ isWanted: () => true })),
      answering((said) => (said.kind === "unwanted" ? { kind: "delivered" } : said)),
    ],
    "Delivers one event, whole": broken((kept) => ({
      deliver: ({ reference = "", ...event }) =>
        kept.deliver({ ...event, reference: reference.replaceAll(/\p{Cf}/gu, "") }),
    })),
    "An event may be delivered more than once; `eventIdOf` tells repeats apart": broken((kept) => {
      const seen = new Set<string>();
      return {
        deliver(event) {
          if (seen.has(event.messageId)) return okAsync({ kind: "delivered" });
          seen.add(event.messageId);
          return kept.deliver(event);
        },
      };
    }),
    "Many events of different messages are delivered at the same time": broken((kept) => {
      let present = 0;
      return {
        deliver(event) {
          present += 1;
          if (present > 1) return okAsync({ kind: "retry", reason: "one at a time" });
          return kept.deliver(event).andThen((said) =>
            ResultAsync.fromSafePromise(
              new Promise<StatusDelivery>((resolve) => {
                queueMicrotask(() => {
                  present = 0;
                  resolve(said);
                });
              }),
            ),
          );
        },
      };
    }),
    "Never fails: the result says what became of it": [
      answering((said) => (said.kind === "retry" ? { kind: "refused", reason: said.reason } : said)),
      answering((said, { to }) => (said.kind === "retry" ? { kind: "retry", reason: `no answer for ${to}` } : said)),
    ],
  },
});
