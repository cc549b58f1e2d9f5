import type { UndeliveredEntry } from "@message-sender/core/adapter";
import { expect, it } from "vitest";

import { stateWords } from "./deliveries.ts";

const now = new Date("2026-11-29T10:00:00.000Z");
const soon = new Date(now.getTime() + 5000);
const entry = { topic: "history", messageId: "message", version: 3, enqueuedAt: now } as const;

it.each<[Pick<UndeliveredEntry, "state" | "claims" | "dueAt">, string]>([
  [{ state: "dead", claims: 1 }, "given up after 1 try"],
  [{ state: "dead", claims: 0 }, "given up"],
  [{ state: "leased", claims: 1, dueAt: soon }, "being delivered"],
  [{ state: "leased", claims: 2, dueAt: soon }, "being delivered, try 2"],
  [{ state: "waiting", claims: 0 }, "waits, not tried yet"],
  [{ state: "waiting", claims: 0, dueAt: soon }, "waits, not tried yet, the next try in 5 s"],
  [{ state: "waiting", claims: 2, dueAt: soon }, "waits after 2 tries, the next try in 5 s"],
])("says how the delivery of an entry is: %j", (state, words) => {
  expect(stateWords({ ...entry, ...state }, now)).toBe(words);
});
