import { errAsync } from "neverthrow";
import { beforeEach, expect, it } from "vitest";

import { exampleStatusUpdate, exampleUnavailable } from "../../contracts/fixtures.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";

const phoneNumberId = "n";
const recipient = "+628111111111";

let ports: TestPorts;

beforeEach(() => {
  ports = createTestPorts();
});

it("takes all parts of a webhook in one call", async () => {
  const at = ports.clock.now();
  const received = await createMessageSender(ports).receiveWebhook({
    statuses: [exampleStatusUpdate({ callbackData: "ms1:not-there:1" })],
    recipientFacts: [{ kind: "Wrote", phoneNumberId, recipient, at }],
    others: ["a", "b"],
  });
  expect(received._unsafeUnwrap()).toEqual({ applied: 0, parked: 0, unmatched: 1, kept: 2 });
  expect((await ports.recipients.find(phoneNumberId, recipient))._unsafeUnwrap()).toEqual({ wroteAt: at });
  expect(
    (await ports.webhookInbox.list({ limit: 10, maxBytes: 1e9 }))
      ._unsafeUnwrap()
      .webhooks.map(({ body }) => body)
      .toSorted(),
  ).toEqual(["a", "b"]);
});

it("takes a webhook that says nothing", async () => {
  expect((await createMessageSender(ports).receiveWebhook({}))._unsafeUnwrap()).toEqual({
    applied: 0,
    parked: 0,
    unmatched: 0,
    kept: 0,
  });
});

it("asks for the webhook again where one of its parts is not committed", async () => {
  const recipients = { ...ports.recipients, note: () => errAsync(exampleUnavailable) };
  const recipientFacts = [{ kind: "Wrote", phoneNumberId, recipient, at: ports.clock.now() }] as const;
  const received = await createMessageSender({ ...ports, recipients }).receiveWebhook({ recipientFacts });
  expect(received._unsafeUnwrapErr()).toEqual(exampleUnavailable);
});

it("stores nothing besides the statuses of a webhook that has nothing else", async () => {
  const added: unknown[] = [];
  const webhookInbox: typeof ports.webhookInbox = {
    ...ports.webhookInbox,
    add: (...given) => {
      added.push(given);
      return ports.webhookInbox.add(...given);
    },
  };
  const statuses = [exampleStatusUpdate({ callbackData: "ms1:not-there:1" })];
  const sender = createMessageSender({ ...ports, webhookInbox });
  const received = await sender.receiveWebhook({ statuses, recipientFacts: [], others: [], unrecognized: [] });
  expect(received._unsafeUnwrap()).toEqual({ applied: 0, parked: 0, unmatched: 1, kept: 0 });
  expect(added).toEqual([]);
});
