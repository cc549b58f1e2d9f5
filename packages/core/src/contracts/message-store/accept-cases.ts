import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleEvents, exampleMessage, exampleOutcomes, withIntent, withOutcome } from "../fixtures.ts";
import { accept, claimEvents, commit, find, settle } from "../store/steps.ts";
import type { StoreSubject } from "../store/subject.ts";

export const acceptCases: readonly Case<StoreSubject>[] = [
  {
    name: "Adds a new message, whole or not at all",
    async run(subject) {
      const message = withIntent(exampleMessage({ key }));
      const late = withIntent(exampleMessage({ key }));
      expect(await accept(subject, message)).toEqual({ kind: "New" });
      await accept(subject, late);
      expect(await find(subject, { id: message.id })).toEqual(message);
      expect(await find(subject, { id: late.id })).toBeUndefined();
    },
  },
  {
    name: "and with it its outbox entries",
    async run(subject) {
      const message = withIntent(exampleMessage({ key }));
      const late = withIntent(exampleMessage({ key }));
      await accept(subject, message, exampleEvents(undefined, message));
      for (const refused of [late, exampleMessage({ key: { ...key, fingerprint: "another" } })]) {
        await accept(subject, refused, exampleEvents(undefined, refused));
      }
      const versions: unknown[] = [];
      for (let claimed = await claimEvents(subject); claimed.length > 0; claimed = await claimEvents(subject)) {
        versions.push(...claimed.map(({ entry }) => [entry.messageId, entry.version]));
        await settle(subject, claimed, "delivered");
      }
      expect(versions).toEqual([
        [message.id, 1],
        [message.id, 2],
      ]);
    },
  },
  {
    name: "Messages without a key are always `New`",
    async run(subject) {
      const messages = many(20, () => exampleMessage());
      const answers = await Promise.all(messages.map((message) => accept(subject, message)));
      expect(answers).toEqual(messages.map(() => ({ kind: "New" })));
    },
  },
  {
    name: "Of all messages with one key of one tenant exactly one is `New`, however many arrive at once",
    async run(subject) {
      const messages = many(100, () => exampleMessage({ key }));
      const answers = await Promise.all(messages.map((message) => accept(subject, message)));
      expect(answers.filter(({ kind }) => kind === "New")).toHaveLength(1);
      const winner = messages[answers.findIndex(({ kind }) => kind === "New")];
      for (const answer of answers) {
        if (answer.kind !== "New") expect(answer).toMatchObject({ kind: "Known", message: { id: winner?.id } });
      }
    },
  },
  {
    name: "The others get that one as `Known`, as it is stored now",
    async run(subject) {
      const message = withIntent(exampleMessage({ key }));
      await accept(subject, message);
      expect(await accept(subject, exampleMessage({ key }))).toEqual({ kind: "Known", message });
      const sent = withOutcome(message, exampleOutcomes.Accepted);
      await commit(subject, sent);
      expect(await accept(subject, exampleMessage({ key }))).toEqual({ kind: "Known", message: sent });
    },
  },
  {
    name: "where their fingerprint differs the answer is `KeyReused`",
    async run(subject) {
      await accept(subject, exampleMessage({ key }));
      const other = exampleMessage({ key: { ...key, fingerprint: "another" } });
      expect(await accept(subject, other)).toEqual({ kind: "KeyReused" });
    },
  },
  {
    name: "The same key of another tenant is another key",
    async run(subject) {
      const tenants = ["tenant-1", "tenant-2", "__proto__"];
      const answers = tenants.map((tenantId) => accept(subject, exampleMessage({ tenantId, key })));
      expect(await Promise.all(answers)).toEqual(tenants.map(() => ({ kind: "New" })));
    },
  },
];

const key = { key: "order-42", fingerprint: "f1" };

function many<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
