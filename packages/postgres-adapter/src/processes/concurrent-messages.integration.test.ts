import type { Message } from "@message-sender/core";
import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome } from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { openStore, send, useProcesses } from "../../test/stores.ts";
import type { PostgresStore } from "../index.ts";

const postgres = usePostgres();
const { openTwo } = useProcesses(postgres);

describe("two processes on one database", () => {
  it("accept one message of 100 that arrive at once with one key", async () => {
    const { first, second } = await openTwo();
    const key = { key: "order-42", fingerprint: "f1" };
    const arriving = Array.from({ length: 100 }, () => exampleMessage({ key }));
    const answers = await Promise.all(
      arriving.map(async (message, index) =>
        (await (index % 2 ? first : second).messages.accept(message))._unsafeUnwrap(),
      ),
    );
    expect(answers.filter(({ kind }) => kind === "New")).toHaveLength(1);
    const winner = arriving[answers.findIndex(({ kind }) => kind === "New")];
    for (const answer of answers) {
      if (answer.kind !== "New") expect(answer).toMatchObject({ kind: "Known", message: { id: winner?.id } });
    }
  });

  it("accept many keys that arrive in different orders, without a deadlock", async () => {
    const { first, second } = await openTwo();
    const count = 2000;
    const keys = Array.from({ length: count }, (_, index) => ({ key: `order-${index}`, fingerprint: "f1" }));
    const otherwise = [0, 500, 1000, 1500].flatMap((from) => keys.slice(from, from + 500).toReversed());
    const connect = async ({ messages }: PostgresStore): Promise<void> =>
      void (await Promise.all(Array.from({ length: 4 }, () => messages.find({ id: "none" }))));
    await Promise.all([connect(first), connect(second)]);
    const accept = ({ messages }: PostgresStore, order: typeof keys) =>
      order.map(async (key) => (await messages.accept(exampleMessage({ key })))._unsafeUnwrap().kind);
    const deadlocks = () => postgres.query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    const before = await deadlocks();
    const kinds = await Promise.all([...accept(first, keys), ...accept(second, otherwise)]);
    expect(kinds.filter((kind) => kind === "New")).toHaveLength(count);
    expect(kinds.filter((kind) => kind === "Known")).toHaveLength(count);
    expect(await deadlocks()).toEqual(before);
  });

  it("apply one of two commits to each revision, in whatever order", async () => {
    const { first, second } = await openTwo();
    const intended = Array.from({ length: 200 }, () => withIntent(exampleMessage()));
    await Promise.all(intended.map((message) => first.messages.accept(message)));
    const commit =
      ({ messages }: PostgresStore, wamid: string) =>
      async (message: Message) =>
        (
          await messages.commit({
            next: withOutcome(message, { ...exampleOutcomes.Accepted, wamid: wamid + message.id }),
          })
        )._unsafeUnwrap();
    const [ours, theirs] = await Promise.all([
      Promise.all(intended.map(commit(first, "1."))),
      Promise.all(intended.toReversed().map(commit(second, "2."))),
    ]);
    for (const [index, one] of ours.entries()) {
      const other = theirs[intended.length - 1 - index];
      expect(one.applied).toBe(!other?.applied);
      expect(one.message).toEqual(other?.message);
    }
  });

  it("keep everything when the store is opened again", async () => {
    const schema = postgres.freshSchema();
    const before = await openStore(postgres.url, schema);
    const message = withIntent(exampleMessage({ key: { key: "k", fingerprint: "f" } }));
    const block = { id: "block-1", tenantId: "tenant-1", granted: 5, expiresAt: exampleTime };
    (await before.quotaLedger.open(block, "request-1"))._unsafeUnwrap();
    (await before.messages.accept(message))._unsafeUnwrap();
    await send(before, "conversation-1");
    await before.close();
    expect((await before.messages.find({ id: message.id }))._unsafeUnwrapErr().kind).toBe("Unavailable");

    const after = await openStore(postgres.url, schema);
    expect((await after.messages.find({ id: message.id }))._unsafeUnwrap()).toEqual(message);
    expect(
      (await after.messages.accept(exampleMessage({ key: { key: "k", fingerprint: "f" } })))._unsafeUnwrap(),
    ).toEqual({
      kind: "Known",
      message,
    });
    expect((await after.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([{ block, used: 2, unfinished: 1 }]);
    expect((await after.outbox.claim("history", { limit: 9, leaseMs: 1000 }))._unsafeUnwrap()).toHaveLength(1);
  });
});
