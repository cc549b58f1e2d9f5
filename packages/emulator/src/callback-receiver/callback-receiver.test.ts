import { createHmac } from "node:crypto";

import { expect, test } from "vitest";

import { createServices } from "../sandbox/services.ts";
import { callbackSecret } from "./callback-receiver.ts";

function createReceiver() {
  const services = createServices({});
  async function post(body: string, { secret = callbackSecret, path = "/callbacks" } = {}) {
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const signature = createHmac("sha256", key).update(`m-1:2.1700000000.${body}`).digest("base64");
    const headers = {
      "webhook-id": "m-1:2",
      "webhook-timestamp": "1700000000",
      "webhook-signature": `v1,b3RoZXI= v1,${signature}`,
    };
    return (await services.callbacks.app.request(path, { method: "POST", headers, body }, {})).status;
  }
  const events = async () => (await services.control.request("/__emulator/callbacks", {}, {})).json();
  return { ...services, post, events };
}

const event = {
  type: "message.status",
  timestamp: "2026-11-23T10:00:00.000Z",
  data: { message_id: "m-1", version: 2 },
};

test("receive a callback: a signed event is taken and shown, by the control API too", async () => {
  const { callbacks, post, events } = createReceiver();
  for (const _ of [1, 2]) expect(await post(JSON.stringify(event))).toBe(204);
  expect(callbacks.events.entries()).toEqual([1, 2].map(() => ({ id: "m-1:2", ...event })));
  expect(callbacks.log.entries()[0]).toMatchObject({ webhookId: "m-1:2", isSigned: true, body: event, status: 204 });
  expect(await events()).toEqual({ events: [1, 2].map(() => ({ id: "m-1:2", ...event })) });
});

test("one that is not signed with the secret, or is no event, is refused and logged", async () => {
  const { callbacks, post } = createReceiver();
  expect(await post(JSON.stringify(event), { secret: `whsec_${"A".repeat(32)}` })).toBe(401);
  for (const body of ["{", "[]", `{"type":"message.status"}`]) expect(await post(body)).toBe(400);
  expect(callbacks.events.entries()).toEqual([]);
  expect(callbacks.log.entries().map(({ isSigned }) => isSigned)).toEqual([false, true, true, true]);
});

test("faults of the target callbacks apply, and a reset forgets everything", async () => {
  const { callbacks, faults, post, reset } = createReceiver();
  faults.add({ target: "callbacks", trigger: { every: 3 }, effect: { status: 503 } });
  const statuses = [];
  for (let index = 0; index < 6; index += 1) statuses.push(await post(JSON.stringify(event)));
  expect(statuses).toEqual([204, 204, 503, 204, 204, 503]);
  expect(callbacks.events.entries()).toHaveLength(4);
  reset();
  expect([callbacks.events.entries(), callbacks.log.entries()]).toEqual([[], []]);
  expect(await post(JSON.stringify(event))).toBe(204);
});
