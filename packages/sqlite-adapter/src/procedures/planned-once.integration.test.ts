import { constants, DatabaseSync } from "node:sqlite";

import { expect, it } from "vitest";

import { migrate } from "../schema/migrate.ts";
import { createProcedures } from "./procedures.ts";
import { prepare } from "./statement.ts";

/** SQLite asks its authorizer whenever it plans a statement. */
function plansOf(database: DatabaseSync, run: (round: number) => unknown): number {
  let plans = 0;
  database.setAuthorizer(() => {
    plans += 1;
    return constants.SQLITE_OK;
  });
  // An authorizer that is new makes SQLite plan every statement anew.
  run(0);
  plans = 0;
  for (const round of [1, 2, 3]) run(round);
  return plans;
}

it("no statement of a send is planned again when it runs", () => {
  const database = new DatabaseSync(":memory:");
  migrate(database);
  const store = createProcedures(database, { opening: 1, parkedStatusCapacity: 100 });
  const row = (id: string, revision: number, isFinished: 0 | 1) =>
    [id, revision, 1, isFinished, null, null, null, null, 0, "sent", 0, null, null, "{}"] as const;
  const queuedRow = (id: string, revision: number, at: number) =>
    [id, revision, 1, 0, at, at, at, at, 1, "queued", 0, null, null, "{}"] as const;
  const line = ["tenant", "outlet"] as const;

  const plans = plansOf(database, (round) => {
    const [id, wamids] = [`message-${round}`, [`wamid-${round}`]];
    const request = ["tenant", "outlet", `conversation-${round}`, "recipient", null, "text", round] as const;
    store.accept(row(id, 1, 0), request, "block", [`key-${round}`, "fingerprint"], []);
    const entry = [`entry-${round}`, "history", "tenant", `conversation-${round}`, round, "{}", null] as const;
    const leased = [`leased-${round}`, "history", "tenant", `other-${round}`, round, "{}", 100 + round] as const;
    store.commit(row(id, 2, 1), [true, true, "block", "outcome", line], wamids, [entry, leased], null);
    store.commit(row(id, 3, 1), [true, true, "block", "status", line], wamids, [], null);
    store.commit(row(id, 4, 1), [true, false, "block", "other", line], wamids, [], null);
    store.deliver(
      [...store.claim("history", 100 + round, 200 + round, round + 1)].map(([entryId]) => entryId),
      round,
      0,
    );
    store.accept(queuedRow(`queued-${id}`, 1, round), request, "block", null, []);
    store.commit(queuedRow(`queued-${id}`, 2, round), [true, false, "block", "other", line], [], [], null);
    store.headMessages(store.claimLines(round + 1, round), round + 1, round);
    store.releaseLines([line]);
    store.queueDepth("tenant", round + 1);
    store.queueState(null, round + 1, round + 1, round);
    store.overdue(round + 1);
    store.matchedStatuses(round + 1);
    store.findById(id);
  });
  expect(plans).toBe(0);
});

it("a statement whose limit is bound would be", () => {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE numbers (number INTEGER PRIMARY KEY)");
  const bare = database.prepare("SELECT number FROM numbers LIMIT ?");
  expect(plansOf(database, (round) => bare.all(round))).toBeGreaterThan(0);
  const ours = prepare(database, "SELECT number FROM numbers LIMIT ?");
  expect(plansOf(database, (round) => ours.all(round))).toBe(0);
});
