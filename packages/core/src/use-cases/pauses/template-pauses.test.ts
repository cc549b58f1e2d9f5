import { errAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { exampleUnavailable } from "../../contracts/fixtures.ts";
import { statusOf } from "../../domain/status.ts";
import { minute, openTemplates as open, waba } from "../../../test/template-sender.ts";

const hour = 60 * minute;

/** A webhook about the template of the example, as WhatsApp sends it. */
function report(event: string, change: object = {}, at?: Date): string {
  const value = {
    event,
    message_template_id: 1689556908129832,
    message_template_name: "order_ready",
    message_template_language: "en-US",
    reason: "NONE",
    ...change,
  };
  const time = at && Math.floor(at.getTime() / 1000);
  const changes = [{ field: "message_template_status_update", value }];
  return JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: waba, ...(at && { time }), changes }] });
}

/** A sender that cannot ask for the templates of its accounts. */
function openBlind() {
  const opened = open(() => ({ templates: { list: () => errAsync(exampleUnavailable) } }));
  const { sender, clock, send } = opened;
  return {
    ...opened,
    async receive(body: string) {
      expect((await clock.runUntil(sender.receiveWebhook({ others: [body] }))).isOk()).toBe(true);
    },
    isSent: async () => (await send(["Budi", "17"])).isOk(),
    pauses: async () => (await sender.pauses())._unsafeUnwrap(),
  };
}

describe("a template that WhatsApp has paused", () => {
  it.each([
    ["FIRST_PAUSE", 3],
    ["SECOND_PAUSE", 6],
    ["RATE_LIMITING_PAUSE", 3],
  ])("is paused by its webhook: %s for %i hours", async (title, hours) => {
    const { receive, isSent, pauses, clock } = openBlind();
    await receive(report("PAUSED", { other_info: { title, description: "It was paused." } }));
    expect(await isSent()).toBe(false);
    expect(await pauses()).toMatchObject([
      { kind: "template", name: "order_ready", language: "en_US", wabaId: waba, owner: "whatsapp", by: "WhatsApp" },
    ]);
    await clock.advance(hours * hour - 1);
    expect(await isSent()).toBe(false);
    await clock.advance(1);
    expect(await isSent()).toBe(true);
  });

  it.each([
    ["APPROVED", {}],
    ["REINSTATED", {}],
    ["APPROVED", { other_info: { title: "UNPAUSE" } }],
  ])("is sent again after the webhook %s %o", async (event, change) => {
    const { receive, isSent, pauses } = openBlind();
    await receive(report("DISABLED"));
    expect(await isSent()).toBe(false);
    await receive(report(event, change));
    expect(await isSent()).toBe(true);
    expect(await pauses()).toEqual([]);
  });

  it("and disabled has no end by itself", async () => {
    const { receive, isSent, clock } = openBlind();
    await receive(report("PAUSED"));
    await receive(report("DISABLED"));
    await clock.advance(100 * hour);
    expect(await isSent()).toBe(false);
  });

  it.each(["FLAGGED", "PENDING", "REJECTED", "LOCKED", "SOMETHING_NEW"])("is not what %s says", async (event) => {
    const { receive, isSent } = openBlind();
    await receive(report(event));
    expect(await isSent()).toBe(true);
  });

  it("is not paused by a webhook that comes when the pause is over, or before a later one", async () => {
    const { receive, isSent, pauses, clock } = openBlind();
    const at = clock.now();
    await clock.advance(4 * hour);
    await receive(report("PAUSED", { other_info: { title: "FIRST_PAUSE" } }, at));
    expect(await isSent()).toBe(true);
    await receive(report("DISABLED", {}, clock.now()));
    await receive(report("APPROVED", {}, at));
    await receive(report("PAUSED", { other_info: { title: "SECOND_PAUSE" } }, at));
    expect(await pauses()).toMatchObject([{ reason: "WhatsApp has disabled it" }]);
  });

  it("waits in the queue until then", async () => {
    const { receive, enqueue, sender, clock, messages } = openBlind();
    sender.start();
    await receive(report("PAUSED"));
    const queued = (await enqueue(["Budi", "17"]))._unsafeUnwrap().message;
    const status = async () => {
      const message = (await messages.find({ id: queued.id }))._unsafeUnwrap();
      return message && statusOf(message);
    };
    await clock.advance(3 * hour - minute);
    expect(await status()).toBe("queued");
    await clock.advance(2 * minute);
    expect(await status()).toBe("sent");
    await clock.runUntil(sender.close());
  });

  it("is sent if the list of templates says that it can be", async () => {
    const { sender, send, clock, setStatus } = open();
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    const body = report("DISABLED");
    expect((await clock.runUntil(sender.receiveWebhook({ others: [body] }))).isOk()).toBe(true);
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    setStatus("DISABLED");
    expect((await clock.runUntil(sender.receiveWebhook({ others: [body] }))).isOk()).toBe(true);
    await clock.advance(minute);
    expect((await send(["Budi", "17"]))._unsafeUnwrapErr().kind).toBe("TemplateRefused");
  });

  it("is not stored if the store is away: WhatsApp sends the webhook again", async () => {
    const { sender, clock, pauses } = open((ports) => ({
      pauses: { ...ports.pauses, add: () => errAsync(exampleUnavailable) },
    }));
    const received = await clock.runUntil(sender.receiveWebhook({ others: [report("PAUSED")] }));
    expect(received._unsafeUnwrapErr()).toEqual(exampleUnavailable);
    expect((await pauses.list())._unsafeUnwrap()).toEqual([]);
  });

  it.each([
    ["has no name", report("PAUSED", { message_template_name: null })],
    ["has no language", report("PAUSED", { message_template_language: 7 })],
    [
      "has no value",
      `{"object":"whatsapp_business_account","entry":[{"id":"${waba}","changes":[{"field":"message_template_status_update"}]}]}`,
    ],
  ])("cannot be told from a webhook that %s", async (_, body) => {
    const { receive, pauses } = openBlind();
    await receive(body);
    expect(await pauses()).toEqual([]);
  });
});
