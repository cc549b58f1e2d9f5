import { errAsync, okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleUnavailable } from "../../contracts/fixtures.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import type { ReceivedWebhook } from "../../ports/webhook-forwarding.ts";
import { createMessageSender } from "../message-sender.ts";

let ports: TestPorts;
let taken: ReceivedWebhook[];
let isDown: boolean;

beforeEach(() => {
  ports = createTestPorts();
  taken = [];
  isDown = false;
});

const create = () =>
  createMessageSender({
    ...ports,
    webhookForwarding: {
      forward(webhook) {
        if (isDown || webhook.body === "odd") return errAsync(exampleUnavailable);
        taken.push(webhook);
        return okAsync(undefined);
      },
    },
  });

describe("a webhook that is not a status", () => {
  it("is stored once, and forwarded once under one id", async () => {
    const sender = create();
    for (let time = 0; time < 3; time += 1) (await sender.receiveWebhook({ others: ["a", "b"] }))._unsafeUnwrap();
    await sender.tick();
    await sender.tick();
    expect(taken.map(({ body }) => body)).toEqual(["a", "b"]);
    expect((await ports.webhookInbox.list({ limit: 10, maxBytes: 1e9 }))._unsafeUnwrap().webhooks).toHaveLength(2);
    expect(taken.map(({ id }) => id)).toEqual(["a", "b"].map((body) => ports.ids.digest(body)));
  });

  it("is forwarded again after 1 s and 5 s more, and a failed one delays no other", async () => {
    const sender = create();
    isDown = true;
    (await sender.receiveWebhook({ others: ["a"] }))._unsafeUnwrap();
    await sender.tick();
    await ports.clock.advance(1000);
    await sender.tick();
    isDown = false;
    (await sender.receiveWebhook({ others: ["odd", "b"] }))._unsafeUnwrap();
    await sender.tick();
    expect(taken.map(({ body }) => body)).toEqual(["b"]);
    await ports.clock.advance(5000);
    await sender.tick();
    expect(taken.map(({ body }) => body)).toEqual(["b", "a"]);
    expect(ports.telemetry.events.filter(({ kind }) => kind === "WebhookForwarded")).toHaveLength(2);
  });

  it("is stored and not forwarded if there is no receiver", async () => {
    const sender = createMessageSender(ports);
    (await sender.receiveWebhook({ others: ["a"] }))._unsafeUnwrap();
    await create().tick();
    expect(taken).toEqual([]);
    expect((await ports.webhookInbox.list({ limit: 10, maxBytes: 1e9 }))._unsafeUnwrap().webhooks).toMatchObject([
      { body: "a" },
    ]);
  });

  it("is counted if it could not be parsed, once it is stored", async () => {
    const unread = { part: "statuses", reason: "unknown status: deleted", count: 2 } as const;
    const counted = () => ports.telemetry.events.filter(({ kind }) => kind === "WebhookPartUnrecognized");
    const webhookInbox = { ...ports.webhookInbox, add: () => errAsync(exampleUnavailable) };
    expect(
      (
        await createMessageSender({ ...ports, webhookInbox }).receiveWebhook({ others: ["a"], unrecognized: [unread] })
      ).isErr(),
    ).toBe(true);
    expect(counted()).toEqual([]);
    (await create().receiveWebhook({ others: ["a"], unrecognized: [unread] }))._unsafeUnwrap();
    expect(counted()).toEqual([{ kind: "WebhookPartUnrecognized", ...unread }]);
  });

  it("is rejected while the store is unavailable, so that WhatsApp sends it again", async () => {
    const webhookInbox = { ...ports.webhookInbox, add: () => errAsync(exampleUnavailable) };
    const sender = createMessageSender({ ...ports, webhookInbox });
    expect((await sender.receiveWebhook({ others: ["a"] }))._unsafeUnwrapErr().kind).toBe("Unavailable");
  });
});
