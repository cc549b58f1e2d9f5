import { beforeEach, describe, expect, it } from "vitest";

import { encodeCursor } from "../../codecs/cursor.ts";
import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome } from "../../contracts/fixtures.ts";
import type { Message } from "../../domain/message.ts";
import { createInMemoryStore, createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createListMessages, type ListMessages } from "./list-messages.ts";
import type { ListMessagesQuery } from "./list-query.ts";

let ports: TestPorts;
let list: ListMessages;

beforeEach(() => {
  ports = createTestPorts();
  list = createListMessages(ports);
});

async function keep(...messages: readonly Message[]): Promise<void> {
  for (const message of messages) (await ports.messages.accept(message))._unsafeUnwrap();
}

async function idsOf(query: ListMessagesQuery): Promise<readonly string[]> {
  return (await list(query))._unsafeUnwrap().messages.map(({ id }) => id);
}

async function problemsOf(query: unknown): Promise<readonly string[]> {
  const { kind, problems = [] } = (await list(query as ListMessagesQuery))._unsafeUnwrapErr() as {
    kind: string;
    problems?: readonly { path: readonly (string | number)[]; detail: string }[];
  };
  expect(kind).toBe("InvalidQuery");
  return problems.map(({ path }) => path.join("."));
}

function later(seconds: number, fields: Parameters<typeof exampleMessage>[0] = {}): Message {
  return exampleMessage({ acceptedAt: new Date(exampleTime.getTime() + seconds * 1000), ...fields });
}

describe("a list of messages", () => {
  it("comes in pages, 50 messages each unless the query asks for fewer or more", async () => {
    await keep(...Array.from({ length: 120 }, (_, second) => later(second)));
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      const page = (await list({ tenantId: "tenant-1", ...(cursor !== undefined && { cursor }) }))._unsafeUnwrap();
      sizes.push(page.messages.length);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(sizes).toEqual([50, 50, 20]);
    expect(await idsOf({ limit: 100 })).toHaveLength(100);
  });

  it("is of every tenant, of one, or of several, in any order", async () => {
    const [one, two, three] = ["a", "b", "c"].map((tenantId, second) => later(second, { tenantId }));
    await keep(...[one, two, three].flatMap((message) => message ?? []));
    expect(await idsOf({})).toEqual([three?.id, two?.id, one?.id]);
    expect(await idsOf({ tenantId: "b" })).toEqual([two?.id]);
    expect(await idsOf({ tenantId: ["c", "a", "c"] })).toEqual([three?.id, one?.id]);
    expect(await idsOf({ tenantId: [] })).toEqual([]);
  });

  it("finds a message by each id that WhatsApp gave it and by its key, if everything else matches too", async () => {
    const key = { key: "order-1", fingerprint: "f" };
    const sent = withOutcome(withIntent(exampleMessage({ key })), { ...exampleOutcomes.Accepted, wamid: "wamid.1" });
    await keep({ ...sent, revision: 1 }, later(1, { key: { ...key, key: "order-2" } }));
    const byWamid = { whatsappMessageId: "wamid.1" };
    const byKey = { tenantId: "tenant-1", idempotencyKey: "order-1" };
    for (const query of [byWamid, byKey, { ...byWamid, ...byKey }, { ...byWamid, status: "sent" as const }]) {
      expect(await idsOf(query)).toEqual([sent.id]);
    }
    for (const query of [
      { ...byWamid, tenantId: "tenant-2" },
      { ...byKey, tenantId: "tenant-2" },
      { ...byKey, status: "failed" as const },
      { ...byKey, ...byWamid, idempotencyKey: "order-2" },
      { ...byKey, ...byWamid, whatsappMessageId: "wamid.2" },
    ]) {
      expect(await idsOf(query)).toEqual([]);
    }
  });

  it("has cursors that fit no other list, and that no change of a character leaves valid", async () => {
    await keep(...Array.from({ length: 3 }, (_, second) => later(second)));
    const query = { tenantId: "tenant-1", limit: 1 };
    const cursor = (await list(query))._unsafeUnwrap().nextCursor ?? "";
    expect(await idsOf({ ...query, cursor, limit: 2 })).toHaveLength(2);
    for (const other of [
      { tenantId: "tenant-2" },
      { tenantId: ["tenant-1", "tenant-2"] },
      { tenantId: undefined },
      { status: "queued" },
      { until: new Date() },
      { whatsappMessageId: "wamid.1" },
    ]) {
      expect(await problemsOf({ ...query, cursor, ...other })).toEqual(["cursor"]);
    }
    for (let index = 0; index < cursor.length; index += 1) {
      for (const character of "0aZ-= ") {
        const changed = cursor.slice(0, index) + character + cursor.slice(index + 1);
        if (changed !== cursor) expect(await problemsOf({ ...query, cursor: changed }), changed).toEqual(["cursor"]);
      }
    }
    for (const changed of [
      "",
      cursor.slice(1),
      `0${cursor}`,
      `${cursor}0`,
      "z".repeat(200),
      "NaN-1-0000000000000000",
    ]) {
      expect(await problemsOf({ ...query, cursor: changed })).toEqual(["cursor"]);
    }
  });

  it("refuses a made-up cursor whose number no store can have", async () => {
    for (const key of ["-", "_", "z".repeat(20)]) {
      const cursor = encodeCursor("{}", { at: new Date(0), key });
      expect(await problemsOf({ cursor }), key).toEqual(["cursor"]);
    }
    expect(await idsOf({ cursor: encodeCursor("{}", { at: new Date(0), key: "1" }) })).toEqual([]);
  });

  it("reports every field that is invalid", async () => {
    expect(
      await problemsOf({
        tenantId: ["a", ""],
        outletId: "a/b",
        conversationId: 5,
        status: "gone",
        to: "0812",
        reference: "x".repeat(256),
        whatsappMessageId: "",
        idempotencyKey: "é",
        since: "2026-01-01",
        until: new Date(Number.NaN),
        limit: 101,
        cursor: 5,
      }),
    ).toEqual([
      "tenantId",
      "outletId",
      "conversationId",
      "status",
      "to",
      "reference",
      "whatsappMessageId",
      "idempotencyKey",
      "idempotencyKey",
      "since",
      "until",
      "limit",
      "cursor",
    ]);
    for (const limit of [0, -1, 1.5, 1e9, Number.NaN, "5", null])
      expect(await problemsOf({ limit })).toEqual(["limit"]);
    expect(await problemsOf({ idempotencyKey: "order-1" })).toEqual(["idempotencyKey"]);
    expect(await problemsOf({ idempotencyKey: "order-1", tenantId: ["a", "b"] })).toEqual(["idempotencyKey"]);
  });

  it("is `Unavailable` while the store is", async () => {
    const store = createInMemoryStore({ clock: ports.clock });
    store.setUnavailable(true);
    const error = (await createListMessages(store)({}))._unsafeUnwrapErr();
    expect(error.kind).toBe("Unavailable");
  });
});
