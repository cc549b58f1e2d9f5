import { exampleMessage, exampleTime } from "@message-sender/core/contracts";
import { expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { useProcesses } from "../../test/stores.ts";

const postgres = usePostgres();
const { openTwo } = useProcesses(postgres);
const key = { key: "order-42", fingerprint: "f1" };

it("a key is free once its message is gone, however it went", async () => {
  const { first, second, schema } = await openTwo();
  const gone = exampleMessage({ key });
  (await first.messages.accept(gone))._unsafeUnwrap();
  await postgres.query(`DELETE FROM ${schema}.messages`);
  const lookup = { tenantId: gone.request.outlet.tenantId, key: key.key };
  expect((await first.messages.find(lookup))._unsafeUnwrap()).toBeUndefined();
  const arriving = Array.from({ length: 20 }, () => exampleMessage({ key }));
  const kinds = await Promise.all(
    arriving.map(async (message, index) =>
      (await (index % 2 ? first : second).messages.accept(message))._unsafeUnwrap(),
    ),
  );
  expect(kinds.filter(({ kind }) => kind === "New")).toHaveLength(1);
  expect((await first.messages.find(lookup))._unsafeUnwrap()?.id).toBe(
    arriving[kinds.findIndex(({ kind }) => kind === "New")]?.id,
  );
});

it("old keys are freed without a write to their messages", async () => {
  const { first, schema } = await openTwo();
  const conclusion = { as: "exhausted", at: exampleTime } as const;
  const old = Array.from({ length: 5 }, (_, index) => ({
    ...exampleMessage({ key: { ...key, key: `order-${index}` } }),
    conclusion,
  }));
  for (const message of old) (await first.messages.accept(message))._unsafeUnwrap();
  const versions = () => postgres.query(`SELECT xmin::text FROM ${schema}.messages ORDER BY id`);
  const before = await versions();
  const [now, never] = [new Date(exampleTime.getTime() + 1), new Date(0)];
  const limits = { messages: never, parkedStatuses: never, webhooks: never, recipients: never, outboxEntries: never };
  const freed: number[] = [];
  for (let calls = 0; calls < 4; calls += 1) {
    freed.push((await first.retention.forget({ ...limits, keys: now }, 2))._unsafeUnwrap());
  }
  expect(freed).toEqual([2, 2, 1, 0]);
  expect(await versions()).toEqual(before);
  expect(await postgres.query(`SELECT FROM ${schema}.idempotency_keys`)).toEqual([]);
});
