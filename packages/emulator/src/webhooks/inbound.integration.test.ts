import { describe, expect, test } from "vitest";

import { openSandbox, sendText } from "../../test/open-sandbox.ts";
import { appSecret, openWebhookReceiver } from "../../test/webhook-receiver.ts";
import type { SandboxOptions } from "../sandbox/sandbox-options.ts";

/** A sandbox, and the changes in the webhooks that it sends; those with a wrong signature are missing. */
async function connected(options: SandboxOptions = {}) {
  const { url, received } = await openWebhookReceiver();
  const sandbox = await openSandbox({ now: () => 1_750_000_000_999, ...options });
  sandbox.webhooks.target({ url, appSecret });

  async function changes() {
    await sandbox.webhooks.idle();
    return received.filter(({ signed }) => signed).map(({ change }) => change);
  }

  return { sandbox, received, changes };
}

const person = { phoneNumberId: "123", from: "+62 812-3456" };
const metadata = { display_phone_number: expect.stringMatching(/^1555\d{7}$/), phone_number_id: "123" };
const userId = expect.stringMatching(/^ID\.\d{20}$/);

describe("inbound messages", () => {
  test("are signed, in the envelope of the number", async () => {
    const { sandbox, changes, received } = await connected();
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
    expect(received[0]?.wabaId).toMatch(/^2\d{14}$/);
    expect(sandbox.webhooks.sent).toMatchObject([{ kind: "message", statuses: [], responseStatus: 200 }]);
  });

  test("of any type are sent as given", async () => {
    const { sandbox, changes } = await connected();
    const message = { type: "button", button: { payload: "yes", text: "Yes" }, context: { id: "wamid.A" } };
    sandbox.webhooks.inbound({ ...person, message });
    expect(await changes()).toMatchObject([{ value: { messages: [message] } }]);
  });

  test("of a person without a phone number have no phone number", async () => {
    const { sandbox, changes } = await connected();
    sandbox.webhooks.inbound({ phoneNumberId: "123", userId: "ID.77", text: "Hi" });
    const [change] = await changes();
    expect(change?.value).toMatchObject({ contacts: [{ user_id: "ID.77" }], messages: [{ from_user_id: "ID.77" }] });
    expect(JSON.stringify(change)).not.toMatch(/wa_id|"from"/);
  });

  test("have ids of their own, which no sent message has", async () => {
    const { sandbox } = await connected();
    const ids = [1, 2].map(() => sandbox.webhooks.inbound({ ...person, text: "Hi" }));
    await sendText(sandbox);
    expect(new Set([...ids, sandbox.graph.messages[0]?.wamid]).size).toBe(3);
  });

  test("give the user id that later statuses for the phone number have", async () => {
    const { sandbox, changes } = await connected({ webhooks: { statuses: ["sent"] } });
    sandbox.webhooks.inbound({ ...person, userId: "ID.77", text: "Hi" });
    await sendText(sandbox);
    expect((await changes())[1]?.value).toMatchObject({
      contacts: [{ wa_id: "628123456", user_id: "ID.77" }],
      statuses: [{ recipient_id: "628123456", recipient_user_id: "ID.77" }],
    });
  });

  test("are withheld, duplicated and dropped like other webhooks", async () => {
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
  ])("%j is rejected", async (message) => {
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
  test("is signed and sent as given, in the envelope of the number", async () => {
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

  test("is rejected without a field", async () => {
    const { sandbox } = await connected();
    expect(() => sandbox.webhooks.raw({ phoneNumberId: "123", field: "", value: {} })).toThrow();
  });
});

test("statuses have the time of the sandbox's clock", async () => {
  const { sandbox, changes } = await connected({ webhooks: { statuses: ["sent"] } });
  sandbox.clock.advance(60_000);
  await sendText(sandbox);
  expect((await changes())[0]?.value["statuses"]).toMatchObject([{ timestamp: "1750000060" }]);
});
