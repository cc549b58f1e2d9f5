import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterEach, describe, expect, test } from "vitest";

import type { SandboxOptions } from "../sandbox/sandbox-options.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";

const appSecret = "s3cret";
const sandboxes: Sandbox[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Payload {
  entry: [{ id: string; changes: [{ field: string; value: Record<string, unknown> }] }];
}

/** A sandbox, and the webhooks that it sends to a server here; those with a wrong signature are missing. */
async function connected(options: SandboxOptions = {}) {
  const got: Payload[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const signature = `sha256=${createHmac("sha256", appSecret).update(bytes).digest("hex")}`;
    if (request.headers["x-hub-signature-256"] === signature) got.push(JSON.parse(bytes.toString()) as Payload);
    response.end();
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const sandbox = await startSandbox({ now: () => 1_750_000_000_999, ...options });
  sandboxes.push(sandbox);
  sandbox.webhooks.target({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, appSecret });

  async function changes() {
    await sandbox.webhooks.idle();
    return got.map(
      ({
        entry: [
          {
            changes: [change],
          },
        ],
      }) => change,
    );
  }

  return { sandbox, got, changes };
}

const person = { phoneNumberId: "123", from: "+62 812-3456" };
const metadata = { display_phone_number: expect.stringMatching(/^1555\d{7}$/), phone_number_id: "123" };
const userId = expect.stringMatching(/^US\.\d{20}$/);

describe("inbound messages", () => {
  test("of a person: signed, with the number's own envelope", async () => {
    const { sandbox, changes, got } = await connected();
    const id = sandbox.webhooks.inbound({ ...person, text: "Häben Sie 😀?", profileName: "Ana" });
    expect(await changes()).toEqual([
      {
        field: "messages",
        value: {
          messaging_product: "whatsapp",
          metadata,
          contacts: [{ profile: { name: "Ana" }, wa_id: "628123456", user_id: userId }],
          messages: [
            {
              from: "628123456",
              from_user_id: userId,
              id,
              timestamp: "1750000000",
              type: "text",
              text: { body: "Häben Sie 😀?" },
            },
          ],
        },
      },
    ]);
    expect(got[0]?.entry[0].id).toMatch(/^2\d{14}$/);
    expect(sandbox.webhooks.sent).toMatchObject([{ kind: "message", statuses: [], responseStatus: 200 }]);
  });

  test("of any type, as it is given", async () => {
    const { sandbox, changes } = await connected();
    const message = { type: "button", button: { payload: "yes", text: "Yes" }, context: { id: "wamid.A" } };
    sandbox.webhooks.inbound({ ...person, message });
    expect(await changes()).toMatchObject([{ value: { messages: [message] } }]);
  });

  test("of a person without a phone number", async () => {
    const { sandbox, changes } = await connected();
    sandbox.webhooks.inbound({ phoneNumberId: "123", userId: "ID.77", text: "Hi" });
    const [change] = await changes();
    expect(change?.value).toMatchObject({ contacts: [{ user_id: "ID.77" }], messages: [{ from_user_id: "ID.77" }] });
    expect(JSON.stringify(change)).not.toMatch(/wa_id|"from"/);
  });

  test("each has an id of its own that no message sent has", async () => {
    const { sandbox } = await connected();
    const ids = [1, 2].map(() => sandbox.webhooks.inbound({ ...person, text: "Hi" }));
    const headers = { authorization: "Bearer EAAtoken" };
    const body = JSON.stringify({ messaging_product: "whatsapp", to: "+628123456", text: { body: "Hi" } });
    await fetch(`${sandbox.graphUrl}/v25.0/123/messages`, { method: "POST", headers, body });
    expect(new Set([...ids, sandbox.graph.messages[0]?.wamid]).size).toBe(3);
  });

  test("a user id that came in is that of the statuses to the phone number", async () => {
    const { sandbox, changes } = await connected({ webhooks: { statuses: ["sent"] } });
    sandbox.webhooks.inbound({ ...person, userId: "ID.77", text: "Hi" });
    const headers = { authorization: "Bearer EAAtoken" };
    const body = JSON.stringify({ messaging_product: "whatsapp", to: "+628123456", text: { body: "Hi" } });
    await fetch(`${sandbox.graphUrl}/v25.0/123/messages`, { method: "POST", headers, body });
    expect((await changes())[1]?.value).toMatchObject({
      contacts: [{ wa_id: "628123456", user_id: "ID.77" }],
      statuses: [{ recipient_id: "628123456", recipient_user_id: "ID.77" }],
    });
  });

  test("are withheld, repeated and dropped with the others", async () => {
    const { sandbox, changes } = await connected();
    sandbox.webhooks.withhold();
    sandbox.webhooks.duplicate(2);
    sandbox.webhooks.inbound({ ...person, text: "Hi" });
    expect(await changes()).toEqual([]);
    sandbox.webhooks.release();
    expect((await changes()).length).toBe(2);
    sandbox.webhooks.withhold();
    sandbox.webhooks.inbound({ ...person, text: "Hi" });
    sandbox.reset();
    expect((await changes()).length).toBe(2);
  });

  test.each([
    { phoneNumberId: "123", text: "Hi" },
    { ...person },
    { ...person, text: "Hi", message: { type: "text" } },
    { ...person, message: {} as { type: string } },
  ])("%j is none", async (message) => {
    const { sandbox, changes } = await connected();
    expect(() => sandbox.webhooks.inbound(message)).toThrow();
    expect(await changes()).toEqual([]);
  });
});

describe("marketing preferences", () => {
  test.each(["stop", "resume"] as const)("%s", async (value) => {
    const { sandbox, changes } = await connected();
    sandbox.webhooks.preference({ ...person, value });
    expect(await changes()).toEqual([
      {
        field: "user_preferences",
        value: {
          messaging_product: "whatsapp",
          metadata,
          contacts: [{ profile: { name: "Sandbox User" }, wa_id: "628123456", user_id: userId }],
          user_preferences: [
            {
              wa_id: "628123456",
              user_id: userId,
              detail: `User requested to ${value} marketing messages`,
              category: "marketing_messages",
              value,
              timestamp: 1_750_000_000,
            },
          ],
        },
      },
    ]);
    expect(sandbox.webhooks.sent).toMatchObject([{ kind: "preference" }]);
  });
});

describe("any other change", () => {
  test("signed, as it is given, with the number's own envelope", async () => {
    const { sandbox, changes } = await connected();
    const payment = { id: "p1", type: "payment", status: "captured", timestamp: "1" };
    const other = { metadata: { phone_number_id: "456" }, event: "APPROVED" };
    sandbox.webhooks.raw({ phoneNumberId: "123", field: "messages", value: { statuses: [payment, null] } });
    sandbox.webhooks.raw({ phoneNumberId: "123", field: "message_template_status_update", value: other });
    expect(await changes()).toEqual([
      { field: "messages", value: { messaging_product: "whatsapp", metadata, statuses: [payment, null] } },
      { field: "message_template_status_update", value: { messaging_product: "whatsapp", ...other } },
    ]);
    expect(sandbox.webhooks.sent).toMatchObject([{ kind: "raw", statuses: [] }, { kind: "raw" }]);
  });

  test("is refused where it has no field", async () => {
    const { sandbox } = await connected();
    expect(() => sandbox.webhooks.raw({ phoneNumberId: "123", field: "", value: {} })).toThrow();
  });
});

test("the clock's time is that of the statuses too", async () => {
  const { sandbox, changes } = await connected({ webhooks: { statuses: ["sent"] } });
  sandbox.clock.advance(60_000);
  const headers = { authorization: "Bearer EAAtoken" };
  const body = JSON.stringify({ messaging_product: "whatsapp", to: "+628123456", text: { body: "Hi" } });
  await fetch(`${sandbox.graphUrl}/v25.0/123/messages`, { method: "POST", headers, body });
  expect((await changes())[0]?.value["statuses"]).toMatchObject([{ timestamp: "1750000060" }]);
});
