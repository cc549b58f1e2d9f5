import { text } from "@message-sender/core";
import type { Outcome } from "@message-sender/core/adapter";
import { describe, expect, it } from "vitest";

import { command, lost, send, unavailable, undeliverable } from "../../test/messages.ts";
import { createTestConsole } from "../../test/visit.ts";
import type { ServiceView } from "../service/service-view.ts";

const words = (html: string) =>
  html
    .replaceAll(/<title>.*?<\/title>/g, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");

const open = async (test: ReturnType<typeof createTestConsole>, id: string) =>
  test.browser().get(`/console/messages/${id}`);

describe("the journey of a message", () => {
  it("shows each of three failed attempts, each wait, and how it ended", async () => {
    const test = createTestConsole();
    const id = await send(test, {}, unavailable, unavailable, unavailable);
    const { html } = await open(test, id);
    const said = words(html);
    for (const each of [
      "Accepted",
      "Attempt 1: refused with 131000",
      "Waited 1 s before attempt 2",
      "Attempt 2: refused with 131000",
      "Waited 2 s before attempt 3",
      "Attempt 3: refused with 131000",
      "Waited 4 s before attempt 4",
      "Attempt 4: accepted by WhatsApp",
    ]) {
      expect(said).toContain(each);
    }
    expect(said).toContain(
      "Repeated after 1 s: 131000, something went wrong; this is usually temporary, and nothing was processed.",
    );
    expect(html.match(/<rect class="step neutral waits"/g)).toHaveLength(3);
    expect(html.match(/<rect class="step bad attempts"/g)).toHaveLength(3);
  });

  it("draws waits as long as they were", async () => {
    const test = createTestConsole();
    const { html } = await open(test, await send(test, {}, unavailable, unavailable, unavailable));
    const widths = [...html.matchAll(/<rect class="step neutral waits" x="[\d.]+" y="[\d.-]+" width="([\d.]+)"/g)].map(
      ([, width]) => Number(width),
    );
    const [one = 0, two = 0, four = 0] = widths;
    expect([two / one, four / one]).toEqual([expect.closeTo(2, 3), expect.closeTo(4, 3)]);
  });

  it("says in Meta's words why it failed, and what to do", async () => {
    const test = createTestConsole();
    const said = words((await open(test, await send(test, {}, undeliverable))).html);
    expect(said).toContain("It was not delivered.");
    expect(said).toContain(
      "WhatsApp says 131026: the message is undeliverable to this recipient: Message undeliverable",
    );
    expect(said).toContain("What to do: Use another channel.");
  });

  it("shows what WhatsApp reported, when, and what is still to come", async () => {
    const test = createTestConsole();
    test.ports.transport.answerWith(unavailable);
    const { message } = (await test.sender.enqueue(command()))._unsafeUnwrap();
    const waiting = words((await open(test, message.id)).html);
    expect(waiting).toContain("It waits in the queue.");
    await test.ports.clock.runUntil(test.sender.tick());
    const again = words((await open(test, message.id)).html);
    expect(again).toMatch(/Attempt 2 is due in \d/);
    expect(again).toContain("It was not sent yet, and will be tried again.");
  });

  it("shows neither recipient nor content until somebody asks, which is recorded with the key", async () => {
    const test = createTestConsole({ msk_acme: { id: "key_a", tenants: ["acme"] } });
    const secret = "The code is <b>1234</b>";
    const id = await send(test, { content: text(secret), conversationId: "628123456789" });
    const visitor = test.browser();
    await visitor.signIn("msk_acme");
    const hidden = await visitor.get(`/console/messages/${id}`);
    for (const part of ["8123456789", "The code is"]) expect(hidden.html).not.toContain(part);
    expect(hidden.html).toContain("+62 ••• 6789");
    const shown = await visitor.post(`/console/messages/${id}/show`);
    expect(shown.html).toContain("+628123456789");
    expect(shown.html).toContain("The code is &lt;b&gt;1234&lt;/b&gt;");
    expect(test.lines.filter(({ message }) => message === "console content shown")).toMatchObject([
      { level: "info", fields: { caller: "key_a", client_address: "192.0.2.1", message_id: id, tenant_id: "acme" } },
    ]);
    expect((await visitor.get(`/console/messages/${id}`)).html).not.toContain("The code is");
    const reopened = await visitor.get(`/console/messages/${id}/show`);
    expect([reopened.status, reopened.headers.get("location")]).toEqual([303, `/console/messages/${id}`]);
  });

  it("says what a message waits for in the queue, while it waits and afterwards", async () => {
    const test = createTestConsole();
    const { message } = (await test.sender.enqueue(command()))._unsafeUnwrap();
    expect(words((await open(test, message.id)).html)).not.toContain("take turns at its rate");
    await test.ports.clock.advance(2000);
    expect(words((await open(test, message.id)).html)).toContain(
      "Attempt 1 waits for its turn The messages of a number take turns",
    );
    await test.ports.clock.runUntil(test.sender.tick());
    const said = words((await open(test, message.id)).html);
    expect(said).toContain("Waited 2 s in the queue The messages of a number take turns");
  });

  it("of a message that was canceled before its first attempt shows how long it waited", async () => {
    const test = createTestConsole();
    const { message } = (await test.sender.enqueue(command()))._unsafeUnwrap();
    await test.ports.clock.advance(3000);
    (await test.sender.cancel({ messageId: message.id }))._unsafeUnwrap();
    const { html } = await open(test, message.id);
    expect(html.match(/<rect class="step neutral waits"/g)).toHaveLength(1);
    expect(words(html)).toContain("Waited 3 s in the queue");
    expect(words(html)).toContain("It was canceled. No attempt was made.");
  });

  it("of a scheduled message that was canceled shows the wait for its time alone", async () => {
    const test = createTestConsole();
    const scheduledAt = new Date(test.ports.clock.now().getTime() + 60_000);
    const { message } = (await test.sender.enqueue({ ...command(), scheduledAt }))._unsafeUnwrap();
    await test.ports.clock.advance(2000);
    (await test.sender.cancel({ messageId: message.id }))._unsafeUnwrap();
    const said = words((await open(test, message.id)).html);
    expect(said).toContain("Waited 2 s for its scheduled time");
    expect(said).not.toContain("in the queue");
  });

  it("says that no attempt was made after a resend, whose credentials were still refused", async () => {
    const test = createTestConsole();
    const refused = { ...undeliverable, kind: "CredentialRefused" } as Outcome;
    const id = await send(test, {}, refused);
    (await test.sender.resolve({ messageId: id, action: "resend" }))._unsafeUnwrap();
    await test.ports.clock.runUntil(test.sender.tick());
    const said = words((await open(test, id)).html);
    expect(said).toContain("Attempt 1: credentials refused");
    expect(said).not.toContain("Attempt 2");
    expect(said).toContain("No attempt was made since the resend.");
  });

  it("says first what holds it: its number, whose circuit breaker is open", async () => {
    const reason = "WhatsApp failed half of the calls";
    const number = { phoneNumberId: "1", condition: "open", reason, inFlight: 0, waiting: 0, waitingForRecipient: 0 };
    const outlet = { tenantId: "acme", outletId: "jakarta-1", phoneNumberId: "1", credential: "usable" };
    const report = {
      process: 1,
      startedAt: 0,
      overload: 0,
      inFlight: 0,
      waiting: 0,
      numbers: [number],
      outlets: [outlet],
    };
    const service = {
      processes: () => Promise.resolve([report]),
      outlets: () => [],
      closing: new AbortController().signal,
    };
    const test = createTestConsole(undefined, { service: service as unknown as ServiceView });
    const { message } = (await test.sender.enqueue(command()))._unsafeUnwrap();
    expect(words((await open(test, message.id)).html)).toContain(
      `Why: It waits: ${reason}. Its number only probes whether WhatsApp works again.`,
    );
    const scheduledAt = new Date(test.ports.clock.now().getTime() + 60_000);
    const later = { ...command({ conversationId: "later" }), scheduledAt };
    const { message: scheduled } = (await test.sender.enqueue(later))._unsafeUnwrap();
    expect(words((await open(test, scheduled.id)).html)).not.toContain(reason);
  });

  it("of a person who was erased says so, and offers nothing", async () => {
    const test = createTestConsole();
    const id = await send(test, {}, undeliverable);
    (await test.sender.erase({ to: "+628123456789" }))._unsafeUnwrap();
    const { html } = await open(test, id);
    expect(words(html)).toContain("The person was erased");
    expect(html).not.toContain("confirm?action");
  });
});

describe("an action", () => {
  const keys = { msk_acme: { id: "key_a", tenants: ["acme"] } } as const;

  async function signedIn() {
    const test = createTestConsole(keys);
    const visitor = test.browser();
    await visitor.signIn("msk_acme");
    const find = async (id: string) => (await test.sender.find(id))._unsafeUnwrap();
    return { ...test, test, visitor, find };
  }

  it("is confirmed, done, and recorded in the message and in the log with the key", async () => {
    const { test, visitor, find, lines } = await signedIn();
    const id = await send(test, { onAmbiguous: "hold" }, lost);
    const page = await visitor.get(`/console/messages/${id}`);
    expect(page.html).toContain(`/console/messages/${id}/confirm?action=resend`);
    const asked = await visitor.get(`/console/messages/${id}/confirm?action=resend`);
    expect(words(asked.html)).toContain("It may have been sent already: the customer may get it twice.");
    expect((await find(id)).resends).toBeUndefined();
    const done = await visitor.post(`/console/messages/${id}/change`, { action: "resend" });
    expect([done.status, done.headers.get("location")]).toEqual([303, `/console/messages/${id}?done=resend`]);
    expect((await find(id)).resends).toMatchObject([{ by: "key_a", earlierAttempts: 1 }]);
    expect(lines.filter(({ message }) => message === "console change")).toMatchObject([
      { fields: { caller: "key_a", action: "resend", message_id: id, tenant_id: "acme", status: "queued" } },
    ]);
    const after = words((await visitor.get(`/console/messages/${id}?done=resend`)).html);
    expect(after).toContain("It is in the queue again.");
    expect(after).toContain("Resend requested by key_a");
  });

  it("cancels and abandons too, and says who did", async () => {
    const { test, visitor, find } = await signedIn();
    const { message } = (await test.sender.enqueue(command({ conversationId: "other" })))._unsafeUnwrap();
    await visitor.get(`/console/messages/${message.id}/confirm?action=cancel`);
    await visitor.post(`/console/messages/${message.id}/change`, { action: "cancel" });
    expect((await find(message.id)).conclusion).toMatchObject({ as: "canceled", by: "key_a" });
    const id = await send(test, { onAmbiguous: "hold" }, lost);
    await visitor.post(`/console/messages/${id}/change`, { action: "abandon" });
    expect((await find(id)).conclusion).toMatchObject({ as: "abandoned", by: "key_a" });
    expect(words((await visitor.get(`/console/messages/${id}`)).html)).toContain("Given up: abandoned by key_a");
  });

  it("that the state does not allow any more changes nothing", async () => {
    const { test, visitor, lines } = await signedIn();
    const id = await send(test);
    await visitor.get(`/console/messages/${id}`);
    const answer = await visitor.post(`/console/messages/${id}/change`, { action: "cancel" });
    expect([answer.status, words(answer.html)]).toEqual([409, expect.stringContaining("The message is sent now")]);
    expect(lines.at(-1)).toMatchObject({ message: "console change refused", fields: { problem: "Conflict" } });
    expect((await visitor.post(`/console/messages/${id}/change`, { action: "delete" })).status).toBe(404);
  });

  it("without the token of a page is refused", async () => {
    const { test, visitor, find } = await signedIn();
    const id = await send(test, { onAmbiguous: "hold" }, lost);
    expect((await visitor.post(`/console/messages/${id}/change`, { action: "resend", token: "x" })).status).toBe(403);
    expect((await visitor.get(`/console/messages/${id}/change`)).status).toBe(404);
    expect((await find(id)).resends).toBeUndefined();
  });
});
