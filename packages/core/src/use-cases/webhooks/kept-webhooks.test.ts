import { okAsync } from "neverthrow";
import { beforeEach, expect, it } from "vitest";

import { exampleWebhook } from "../../contracts/fixtures.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";
import type { KeptWebhooks } from "./kept-webhooks.ts";
import type { WebhooksQuery } from "./webhooks-query.ts";

let ports: TestPorts;
const webhookForwarding = { forward: () => okAsync(undefined) };

beforeEach(() => {
  ports = createTestPorts();
});

const bodyOf = (phoneNumberId: string) =>
  JSON.stringify({
    object: "whatsapp_business_account",
    entry: [
      { id: "waba-1", changes: [{ field: "messages", value: { metadata: { phone_number_id: phoneNumberId } } }] },
    ],
  });

it("what was received can be listed by phone number, with what it is about", async () => {
  const sender = createMessageSender(ports);
  const receivedAt = ports.clock.now();
  (await sender.receiveWebhook({ others: [bodyOf("1"), bodyOf("2"), "not JSON"] }))._unsafeUnwrap();
  const listed = async (query?: Parameters<typeof sender.webhooks>[0]) =>
    (await sender.webhooks(query))._unsafeUnwrap();
  const body = bodyOf("2");
  const expected = {
    id: ports.ids.digest(body),
    receivedAt,
    phoneNumberId: "2",
    wabaId: "waba-1",
    field: "messages",
    body,
  };
  expect(await listed({ phoneNumberId: "2" })).toEqual({ webhooks: [expected] });
  const { webhooks, nextCursor: cursor = "" } = await listed({ limit: 2 });
  expect(webhooks).toHaveLength(2);
  expect((await listed({ limit: 2, cursor })).webhooks).toHaveLength(1);
  expect((await listed()).webhooks).toHaveLength(3);
  const problemsOf = async (query: object) =>
    (await sender.webhooks(query)).match(
      () => [],
      (error) => (error.kind === "InvalidQuery" ? error.problems.map(({ path }) => path.join(".")) : [error.kind]),
    );
  expect(await problemsOf({ phoneNumberId: "2", cursor })).toEqual(["cursor"]);
  expect(await problemsOf({ cursor: cursor.slice(1) })).toEqual(["cursor"]);
  expect(await problemsOf({ cursor: "0-%ff-00000000000" })).toEqual(["cursor"]);
  const wrong = { phoneNumberId: 2, since: "yesterday", until: new Date(Number.NaN), limit: 501, cursor: 5 };
  expect(await problemsOf(wrong)).toEqual(["phoneNumberId", "since", "until", "limit", "cursor"]);
});

it("a page may begin within a millisecond, whatever the ids are", async () => {
  const receivedAt = ports.clock.now();
  const webhooks = ["a-b", "é", "%2F", " "].map((id) => ({ ...exampleWebhook(), id, receivedAt }));
  (await ports.webhookInbox.add(webhooks, false))._unsafeUnwrap();
  const sender = createMessageSender(ports);
  const found: string[] = [];
  let query: WebhooksQuery = { limit: 1 };
  for (let page = 0; page < webhooks.length; page += 1) {
    const { webhooks: listed, nextCursor }: KeptWebhooks = (await sender.webhooks(query))._unsafeUnwrap();
    found.push(...listed.map(({ id }) => id));
    query = { limit: 1, ...(nextCursor !== undefined && { cursor: nextCursor }) };
  }
  expect(found.toSorted()).toEqual(webhooks.map(({ id }) => id).toSorted());
});

it("forwarding ends when the sender closes, and can be repeated", async () => {
  const webhooks = Array.from({ length: 250 }, () => exampleWebhook());
  (await ports.webhookInbox.add(webhooks, false))._unsafeUnwrap();
  const { webhookInbox } = ports;
  let closed: Promise<void> | undefined;
  const sender: MessageSender = createMessageSender({
    ...ports,
    webhookForwarding,
    webhookInbox: {
      ...webhookInbox,
      forward(query) {
        closed ??= sender.close();
        return webhookInbox.forward(query);
      },
    },
  });
  expect((await sender.forwardWebhooks())._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
  await ports.clock.runUntil(closed ?? Promise.resolve());
  const again = await createMessageSender({ ...ports, webhookForwarding }).forwardWebhooks();
  expect(again._unsafeUnwrap()).toEqual({ matched: 250, queued: 150 });
});
