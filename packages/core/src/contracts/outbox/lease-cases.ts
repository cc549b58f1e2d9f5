import { expect } from "vitest";

import type { EnteredClaimed, NewOutboxEntry } from "../../ports/store/outbox.ts";
import type { Case } from "../contract.ts";
import {
  exampleEntries,
  exampleEvents,
  exampleMessage,
  exampleOutcomes,
  withIntent,
  withOutcome,
} from "../fixtures.ts";
import { accept, claim, claimEvents, commit, leaseMs, messageIds, send, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const outboxLeaseCases: readonly Case<StoreSubject>[] = [
  {
    name: "An entry that is added with `leaseMs` enters claimed, as if `claim` had returned it",
    async run(subject) {
      const [history] = await sendLeased(subject);
      expect(history).toMatchObject({ topic: "history", earlierClaims: 0 });
      const message = withIntent(exampleMessage());
      const [event] = leased(exampleEvents(undefined, message));
      const accepted = await accept(subject, message, event && [event]);
      const events = accepted.kind === "New" ? accepted.claimed : undefined;
      expect(events).toMatchObject([{ topic: "status", entry: event?.entry, earlierClaims: 0 }]);
      expect([await claim(subject), await claimEvents(subject)]).toEqual([[], []]);
      const offByMs = Math.abs((history?.enqueuedAt.getTime() ?? 0) - subject.clock.now().getTime());
      expect(offByMs, "by how many milliseconds `enqueuedAt` is off").toBeLessThan(30_000);
      await settle(subject, [...(events ?? []), ...(history ? [history] : [])], "delivered");
      const next = await send(subject);
      expect(messageIds(await claim(subject))).toEqual([next.messageId]);
      expect(await claimEvents(subject)).toEqual([]);
    },
  },
  {
    name: "The commit that adds it returns it as `claimed`",
    async run(subject) {
      const [mine, other] = [await sendLeased(subject, "conversation-1"), await sendLeased(subject, "conversation-2")];
      expect([...mine, ...other].map(({ entry }) => entry)).toMatchObject([
        { conversationId: "conversation-1" },
        { conversationId: "conversation-2" },
      ]);
    },
  },
  {
    name: "If an earlier one of its conversation or message is left, it waits for a claim like any other",
    async run(subject) {
      const first = await send(subject);
      expect(await sendLeased(subject)).toEqual([]);
      const claimed = await claim(subject);
      expect(messageIds(claimed)).toEqual([first.messageId]);
      await settle(subject, claimed, "delivered");
      expect(await claim(subject)).toHaveLength(1);
      const message = withIntent(exampleMessage({ conversationId: "conversation-2" }));
      const events = exampleEvents(undefined, message);
      expect(await accept(subject, message, events.slice(0, 1))).toEqual({ kind: "New" });
      const sent = withOutcome(message, exampleOutcomes.Accepted);
      expect((await commit(subject, sent, leased(exampleEvents(message, sent)))).claimed).toBeUndefined();
      expect(await claimEvents(subject)).toHaveLength(1);
    },
  },
  {
    name: "A claim with which it entered counts",
    async run(subject) {
      const [entered] = await sendLeased(subject);
      await subject.advance(leaseMs + 1);
      expect(await claim(subject)).toMatchObject([{ id: entered?.id, earlierClaims: 1 }]);
    },
  },
];

function leased(entries: readonly NewOutboxEntry[]): readonly NewOutboxEntry[] {
  return entries.map((entry) => ({ ...entry, leaseMs }));
}

/** Commits that a message was sent, and returns its entries that entered claimed. */
async function sendLeased(
  subject: StoreSubject,
  conversationId = "conversation-1",
): Promise<readonly EnteredClaimed[]> {
  const intended = withIntent(exampleMessage({ conversationId }));
  const sent = withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: `wamid.${intended.id}` });
  await accept(subject, intended);
  const { applied, claimed = [] } = await commit(subject, sent, leased(exampleEntries(intended, sent)));
  expect(applied).toBe(true);
  return claimed;
}
