import { expect } from "vitest";

import { type HistoryEntry, historyResultKind } from "../../ports/history.ts";
import type { Case } from "../contract.ts";
import { exampleEntry, exampleTime, oddText } from "../fixtures.ts";
import type { HistorySubject, KeptEntry } from "./subject.ts";
import { failsWith, succeeds } from "../results.ts";

export const historyCases: readonly Case<HistorySubject>[] = [
  {
    name: "Stores 1 to 100 entries",
    async run(subject) {
      const entries = many(100);
      expect(await store(subject, entries)).toEqual(entries.map(() => "stored"));
      const kept = await Promise.all(entries.map((entry) => read(subject, entry)));
      expect(kept.flat().map(({ messageId }) => messageId)).toEqual(entries.map(({ messageId }) => messageId));
      expect(await store(subject, many(1))).toEqual(["stored"]);
    },
  },
  {
    name: "An entry arrives whole",
    async run(subject) {
      const entry = exampleEntry({ body: oddText });
      await store(subject, [entry]);
      expect(await read(subject, entry)).toEqual([expect.objectContaining(partsOf(entry))]);
    },
  },
  {
    name: "each has its own result, in the order given",
    async run(subject) {
      const entries = many(7);
      await subject.answer(entries[1]?.messageId ?? "", "refused");
      await subject.answer(entries[4]?.messageId ?? "", "retry");
      const results = ["stored", "refused", "stored", "stored", "retry", "stored", "stored"];
      expect(await store(subject, entries)).toEqual(results);
      for (const [index, entry] of entries.entries()) {
        expect(await read(subject, entry)).toHaveLength(results[index] === "stored" ? 1 : 0);
      }
    },
  },
  {
    name: "both can say why",
    async run(subject) {
      const [refused, retried] = many(2) as [HistoryEntry, HistoryEntry];
      await subject.answer(refused.messageId, "refused");
      await subject.answer(retried.messageId, "retry");
      for (const result of succeeds(await subject.history.store([refused, retried]))) {
        if (typeof result === "string") continue;
        expect(result.reason).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,500}$/u);
        expect(result.reason).not.toContain(refused.to.slice(1));
      }
    },
  },
  {
    name: "Storing an entry again changes nothing and is `stored`",
    async run(subject) {
      const entry = exampleEntry();
      for (const _ of [1, 2, 3]) expect(await store(subject, [entry])).toEqual(["stored"]);
      await Promise.all(Array.from({ length: 10 }, () => store(subject, [entry])));
      expect(await read(subject, entry)).toEqual([expect.objectContaining(partsOf(entry))]);
    },
  },
  {
    name: "Of the entries of one message the highest version wins, in whatever order they come",
    async run(subject) {
      const entry = exampleEntry();
      const correction = { ...entry, version: 7, correction: true, status: "failed", sentAt: exampleTime } as const;
      const older = { ...correction, version: 5, status: "delivered" } as const;
      for (const next of [entry, correction, older, entry]) await store(subject, [next]);
      expect(await read(subject, entry)).toEqual([expect.objectContaining({ version: 7, status: "failed" })]);
    },
  },
  {
    name: "Where the service cannot be reached the answer is `Unavailable`",
    async run(subject) {
      await subject.goAway();
      const answer = await subject.history.store(many(2));
      failsWith("Unavailable", answer);
    },
  },
];

async function store({ history }: HistorySubject, entries: readonly HistoryEntry[]) {
  return succeeds(await history.store(entries)).map(historyResultKind);
}

function read(subject: HistorySubject, { conversationId }: HistoryEntry): Promise<readonly KeptEntry[]> {
  return subject.read(conversationId);
}

function partsOf({ messageId, version, to, content, status, whatsappMessageId }: HistoryEntry) {
  return { messageId, version, to, content, status, whatsappMessageId };
}

function many(count: number): HistoryEntry[] {
  return Array.from({ length: count }, (_, index) => exampleEntry({ conversationId: `conversation-${index}` }));
}
