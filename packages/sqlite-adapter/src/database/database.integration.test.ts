import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type StoreFile, storeFile } from "../../test/store-file.ts";
import type { BatchAnswer, Call } from "./batch.ts";
import { type DatabaseOptions, openDatabase } from "./database.ts";

const settings = (path: string): DatabaseOptions => ({
  path,
  synchronous: "full",
  stamp: "live",
  parkedStatusCapacity: 1000,
});
let file: StoreFile;
let database: ReturnType<typeof openDatabase>;

beforeEach(() => {
  file = storeFile();
  database = openDatabase(settings(file.path));
});

afterEach(async () => {
  if (database.sqlite.isOpen) database.close();
  await file.remove();
});

function accept(id: string, document = "{}"): Call {
  const row = [id, 1, 1, 0, null, null, null, null, 0, "queued", 0, null, null, document];
  const request = ["tenant-1", "outlet-1", "conversation-1", "+628123456789", null, "text", 0];
  return ["accept", [row, request, "block-1", null, []]];
}

function claim(topic: "history" | "webhook" | "status"): Call {
  return ["claim", [topic, 1, 2, 10]];
}

function find(...ids: string[]): BatchAnswer {
  return database.run(ids.map((id) => ["findById", [id]]));
}

describe("a batch", () => {
  it("sees its own writes", () => {
    expect(database.run([accept("a", "A"), ["findById", ["a"]]])).toEqual({ answers: [["New", []], "A"] });
  });

  it("says whether it has changed nothing, also after one that failed", () => {
    expect(find("a")).toHaveProperty("isReadOnly", true);
    expect(database.run([accept("a")])).not.toHaveProperty("isReadOnly");
    expect(database.run([accept("b"), accept("c", {} as unknown as string)])).toHaveProperty("failure");
    expect(find("a", "b")).toEqual({ answers: ["{}", undefined], isReadOnly: true });
    expect(database.run([["findById", ["a"]], accept("d")])).not.toHaveProperty("isReadOnly");
    expect(database.run([["probeCommit", []]])).not.toHaveProperty("isReadOnly");
    for (const idle of [claim("history"), claim("webhook"), claim("status"), ["claimLines", [10, 1]]] as const) {
      expect(database.run([idle])).toHaveProperty("isReadOnly", true);
    }
  });

  it("fails as a whole when the disk is full, and the next one works again", () => {
    const { page_count: pages } = database.sqlite.prepare("PRAGMA page_count").get() as { page_count: number };
    database.sqlite.exec(`PRAGMA max_page_count = ${pages + 3}`);
    expect(database.run([accept("small"), accept("large", "x".repeat(100_000)), accept("after")])).toEqual({
      failure: "the database failed: database or disk is full (13)",
    });
    expect(find("small", "large", "after")).toEqual({ answers: [undefined, undefined, undefined], isReadOnly: true });
    expect(database.run([accept("small")])).toEqual({ answers: [["New", []]] });
    database.sqlite.exec("PRAGMA max_page_count = 4294967294");
    expect(database.run([accept("large", "x".repeat(100_000))])).toEqual({ answers: [["New", []]] });
  });

  it("fails while the file cannot be read, and the next one works again", () => {
    const broken = vi.spyOn(DatabaseSync.prototype, "prepare").mockImplementation(() => {
      throw Object.assign(new Error("disk I/O error"), { errcode: 10, errstr: "disk I/O error" });
    });
    const wrong = accept("wrong", {} as unknown as string);
    for (const batch of [[wrong], [accept("a")]]) {
      expect(database.run(batch)).toEqual({ failure: expect.any(String) });
    }
    broken.mockRestore();
    expect(database.run([accept("a")])).toEqual({ answers: [["New", []]] });
  });

  it("fails as a whole, without naming its contents, when a value cannot be bound", () => {
    const wrong = accept("secret", { text: "secret" } as unknown as string);
    expect(database.run([accept("before"), wrong])).toEqual({ failure: "the database failed (ERR_INVALID_ARG_TYPE)" });
    expect(find("before")).toEqual({ answers: [undefined], isReadOnly: true });
  });
});

/** The counts of the backlog, which stop at their limit. */
function isBounded(sql: string): boolean {
  return /^SELECT count\(\*\), min\(\w+\) FROM \(.*LIMIT \? \+ 0\)$/.test(sql);
}

describe("the schema", () => {
  it("has an index for each statement, except those that list a whole table", () => {
    const prepared = vi.spyOn(DatabaseSync.prototype, "prepare");
    database.close();
    database = openDatabase(settings(file.path));
    const statements = prepared.mock.calls.map(([sql]) => sql);
    prepared.mockRestore();
    const plans = statements
      .filter((sql) => /^(SELECT|INSERT|UPDATE|DELETE|WITH)/.test(sql) && !isBounded(sql))
      .map((sql) => database.sqlite.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    const steps = plans.flat().map(({ detail }) => String(detail));
    expect(plans.length).toBeGreaterThanOrEqual(40);
    // A subquery and the tenants of a query are lists of a few rows. What is sorted and grouped is limited, too: by the number of queues
    // where waiting entries are forgotten, by the number of lines that are due, which take turns, and by the entries of one message.
    expect(
      steps
        .filter((step) => /SCAN (?!\(subquery|(head|first|free|known)$|json_each|CONSTANT ROW)/.test(step))
        .toSorted(),
    ).toEqual([
      "SCAN block",
      // Of the queue's state: up to its limit, and what is in flight.
      "SCAN lines USING COVERING INDEX lines_free",
      "SCAN messages USING INDEX messages_left_behind",
      "SCAN migrations",
      "SCAN parked_statuses",
      "SCAN parked_statuses",
      "SCAN parked_statuses USING COVERING INDEX parked_statuses_by_age",
      "SCAN parked_statuses USING COVERING INDEX parked_statuses_by_age",
      "SCAN parked_statuses USING INDEX parked_statuses_matched",
      "SCAN pauses",
      "SCAN pauses",
      "SCAN quota_requests",
      "SCAN recipients",
      "SCAN recipients",
      "SCAN sqlite_schema",
    ]);
    expect(steps.filter((step) => /TEMP B-TREE/.test(step)).toSorted()).toEqual([
      ...Array.from({ length: 2 }, () => "USE TEMP B-TREE FOR GROUP BY"),
      ...Array.from({ length: 12 }, () => "USE TEMP B-TREE FOR ORDER BY"),
    ]);
    const indexes = database.sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql <> ''").all();
    expect(indexes).toHaveLength(28);
    for (const { name } of indexes) expect(steps).toContainEqual(expect.stringContaining(`INDEX ${String(name)}`));
  });
});

describe("an outbox in which 10,000 entries of 50 conversations wait", () => {
  it("has 50 that a claim reads, however many were delivered", () => {
    database.sqlite.exec(`
      WITH RECURSIVE counter (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 10000)
      INSERT INTO outbox (id, topic, tenant_id, queue, enqueued_at, entry, due_at)
      SELECT 'm' || n, 'history', 't', 'c' || (n % 50), 0, '{}', iif(n <= 50, 0, NULL) FROM counter`);
    database.close();
    database = openDatabase(settings(file.path));
    for (let round = 0; round < 20; round += 1) {
      const { answers } = database.run([["claim", ["history", 1, 2, 100]]]) as { answers: string[][][] };
      const ids = (answers[0] ?? []).map(([id]) => id);
      expect(ids).toHaveLength(50);
      database.run([["deliver", [ids, 1]]]);
      // The index of what is due has no other rows.
      const due = database.sqlite.prepare("SELECT count(*) AS rows FROM outbox WHERE due_at IS NOT NULL").get();
      expect(due).toEqual({ rows: 50 });
    }
  });
});
