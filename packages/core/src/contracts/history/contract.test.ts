import { errAsync, okAsync } from "neverthrow";

import { createInMemoryHistory } from "../../in-memory/index.ts";
import { type History, type HistoryEntry, type HistoryResult, historyResultKind } from "../../ports/history.ts";
import { bodyOf, exampleUnavailable } from "../fixtures.ts";
import { describeHistoryContract, historyContract } from "./contract.ts";
import type { HistorySubject } from "./subject.ts";
import { describeSabotage } from "../sabotage.ts";

const setup = (): HistorySubject => {
  const history = createInMemoryHistory();
  const answers = new Map<string, HistoryResult>();
  let away = false;
  return {
    history: {
      store(entries) {
        if (away) return errAsync(exampleUnavailable);
        const results = entries.map(({ messageId }) => answers.get(messageId) ?? "stored");
        return history.store(entries.filter((_, index) => results[index] === "stored")).map(() => results);
      },
    },
    read: async (conversationId) => history.conversation(conversationId),
    answer: (messageId, result) => void answers.set(messageId, result),
    goAway: () => {
      away = true;
    },
  };
};

const broken = (change: (store: History["store"]) => History["store"]) => (subject: HistorySubject) => ({
  ...subject,
  history: { store: change(subject.history.store) },
});

describeHistoryContract({
  name: "in-memory history",
  setup,
  skip: [
    { reason: "it stores everything", tests: ["each has its own result, in the order given"] },
    { reason: "it cannot go away", tests: ["Where the service cannot be reached the answer is `Unavailable`"] },
  ],
});

describeSabotage(historyContract, {
  setup,
  sabotages: {
    "Stores 1 to 100 entries": broken(
      (store) => (entries) =>
        store(entries.slice(0, 50)).map((results) => entries.map((_, index) => results[index] ?? "stored")),
    ),
    "An entry arrives whole": broken(
      (store) => (entries) =>
        store(
          entries.map((entry) => {
            const body = bodyOf(entry.content).replaceAll(/\p{Cf}/gu, "");
            return { ...entry, content: { type: "text", text: { body } } };
          }),
        ),
    ),
    "each has its own result, in the order given": broken(
      (store) => (entries) => store(entries).map((results) => results.map(historyResultKind).toSorted()),
    ),
    "both can say why": broken(
      (store) => (entries) =>
        store(entries).map((results) =>
          results.map((result) =>
            result === "refused" ? { kind: "refused", reason: `no\n${entries[0]?.to}` } : result,
          ),
        ),
    ),
    "Storing an entry again changes nothing and is `stored`": broken((store) => {
      const seen = new Set<string>();
      return (entries) =>
        store(entries).map((results) =>
          results.map((result, index) => {
            const id = `${entries[index]?.messageId} ${entries[index]?.version}`;
            const isAgain = seen.has(id);
            seen.add(id);
            return isAgain ? "refused" : result;
          }),
        );
    }),
    "Of the entries of one message the highest version wins, in whatever order they come": (subject) => {
      const latest = new Map<string, HistoryEntry>();
      return {
        ...subject,
        history: {
          store(entries) {
            for (const entry of entries) latest.set(entry.messageId, entry);
            return subject.history.store(entries);
          },
        },
        read: async (conversationId) =>
          (await subject.read(conversationId)).map((entry) => latest.get(entry.messageId) ?? entry),
      };
    },
    "Where the service cannot be reached the answer is `Unavailable`": broken(
      (store) => (entries) => store(entries).orElse(() => okAsync(entries.map(() => "retry" as const))),
    ),
  },
});
