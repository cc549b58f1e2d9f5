import type { HistoryResult } from "@message-sender/core/adapter";
import { okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { send, undeliverable } from "../../test/messages.ts";
import { createTestConsole } from "../../test/visit.ts";

const words = (html: string) =>
  html
    .replaceAll(/<title>.*?<\/title>/g, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");

describe("the history of a message", () => {
  const refused = { kind: "refused", reason: "Conversation Service: answered HTTP 400", httpStatus: 400 } as const;

  /** A console whose history gives this answer. */
  async function answering(answer: HistoryResult) {
    const test = createTestConsole({ msk_acme: { id: "key_a", tenants: ["acme"] } });
    const { ports, sender } = test;
    const { store } = ports.history;
    Object.assign(ports.history, { store: (entries: readonly unknown[]) => okAsync(entries.map(() => answer)) });
    const id = await send(test);
    const tick = () => ports.clock.runUntil(sender.tick());
    await tick();
    const visitor = test.browser();
    await visitor.signIn("msk_acme");
    const show = async (page = "") => words((await visitor.get(`/console/messages/${id}${page}`)).html);
    const resend = () => visitor.post(`/console/messages/${id}/change`, { action: "history" });
    return { ...test, id, tick, visitor, show, resend, repair: () => Object.assign(ports.history, { store }) };
  }

  it("that was given up is shown with why, and is resent by the key", async () => {
    const { show, resend, repair, tick, ports, lines, id } = await answering(refused);
    const page = await show();
    expect(page).toContain("Conversation Service, version 3: given up after 1 try");
    expect(page).toContain("Conversation Service It was not told everything. Version 3: given up after 1 try");
    expect(page).toContain(refused.reason);
    const asked = await show("/confirm?action=history");
    expect(asked).toContain("Resend history of this message?");
    expect(asked).toContain("The update of version 3: given up after 1 try.");
    expect(ports.history.conversation("budi")).toEqual([]);
    repair();
    const done = await resend();
    expect([done.status, done.headers.get("location")]).toEqual([303, `/console/messages/${id}?done=history`]);
    await tick();
    expect(ports.history.conversation("budi")).toHaveLength(1);
    const after = await show("?done=history");
    expect(after).toContain("The Conversation Service is told again now.");
    expect(after).toContain("Resend of the history requested by key_a");
    expect(after).toContain("Nothing is left to deliver.");
    expect(lines.filter(({ message }) => message === "console change")).toMatchObject([
      { fields: { caller: "key_a", action: "history", message_id: id, tenant_id: "acme" } },
    ]);
  });

  it("that waits is shown with its tries and the next one", async () => {
    const { show, ports, tick } = await answering("retry");
    await ports.clock.advance(1000);
    await tick();
    expect(await show()).toContain("Conversation Service, version 3: waits after 2 tries, the next in 5 s");
    expect(await show("/confirm?action=history")).toContain("Last time: the history did not store it.");
  });

  it("that was delivered after it had failed is shown with its tries, when that was, and the last failure", async () => {
    const { show, ports, tick, repair } = await answering("retry");
    repair();
    await ports.clock.advance(1000);
    await tick();
    const said = await show();
    expect(said).toContain("Conversation Service, version 3: delivered after 1 s and 2 tries");
    expect(said).toContain("The last failure: the history did not store it");
    expect(said).toContain("Nothing is left to deliver.");
  });

  it("that was delivered can be told anew", async () => {
    const { show, resend, tick } = await answering("stored");
    expect(await show("/confirm?action=history")).toContain("A service that has that version recognises the repeat.");
    await resend();
    await tick();
    expect(await show()).toContain("Everything was delivered: version 3 is told again.");
  });

  it("is not offered for a message that was never sent", async () => {
    const test = createTestConsole();
    const id = await send(test, {}, undeliverable);
    const visitor = test.browser();
    const { html } = await visitor.get(`/console/messages/${id}`);
    expect(html).not.toContain("action=history");
    expect(words(html)).toContain("It is told only of messages that WhatsApp has accepted.");
    expect((await visitor.post(`/console/messages/${id}/change`, { action: "history" })).status).toBe(409);
  });
});
