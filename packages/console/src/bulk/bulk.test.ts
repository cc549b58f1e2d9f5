import { statusOf } from "@message-sender/core";
import { expect, it } from "vitest";

import { command, lost, send, undeliverable } from "../../test/messages.ts";
import { createTestConsole } from "../../test/visit.ts";

const keys = { msk_acme: { id: "key_a", tenants: ["acme"] } } as const;

async function signedIn() {
  const test = createTestConsole(keys);
  const visitor = test.browser();
  await visitor.signIn("msk_acme");
  const statuses = async () =>
    (await test.sender.list())
      ._unsafeUnwrap()
      .messages.map((message) => `${message.request.outlet.tenantId} ${statusOf(message)}`)
      .toSorted();
  return { ...test, test, visitor, statuses };
}

/** The fields that the form of a page would send. */
function fieldsOf(html: string): Record<string, string> {
  const inputs = [...html.matchAll(/<input ([^>]*)\/?>/g)].map(([, text = ""]) => text);
  const sent = inputs.filter(
    (text) => text.includes('type="hidden"') || (text.includes("checked") && !text.includes("disabled")),
  );
  return Object.fromEntries(
    sent.map((text) => [
      /name="([^"]*)"/.exec(text)?.[1] ?? "",
      (/value="([^"]*)"/.exec(text)?.[1] ?? "on").replaceAll("&amp;", "&"),
    ]),
  );
}

it("cancels what a preview named, and nothing that came later or belongs to another tenant", async () => {
  const { sender, ports, visitor, statuses, lines } = await signedIn();
  for (const given of [{}, { conversationId: "a" }, { tenantId: "globex" }])
    (await sender.enqueue(command(given)))._unsafeUnwrap();
  await ports.clock.advance(10);
  const preview = await visitor.get("/console/messages/many?action=cancel&outlet=jakarta-1");
  expect(preview.html).toContain("2 queued");
  expect(preview.html.match(/<tr id="m-/g)).toHaveLength(2);
  expect(await statuses()).toEqual(["acme queued", "acme queued", "globex queued"]);
  await ports.clock.advance(10);
  (await sender.enqueue(command({ conversationId: "later" })))._unsafeUnwrap();
  const done = await visitor.post("/console/messages/many", fieldsOf(preview.html));
  expect(done.html).toContain("2 messages were canceled.");
  expect(await statuses()).toEqual(["acme canceled", "acme canceled", "acme queued", "globex queued"]);
  expect(lines.filter(({ message }) => message === "console change of many")).toMatchObject([
    { fields: { caller: "key_a", action: "cancel", filter: { outlet: "jakarta-1" }, matched: 2, changed: 2 } },
  ]);
});

it("touches nothing that came later, although the search goes on until later", async () => {
  const { sender, ports, visitor, statuses } = await signedIn();
  (await sender.enqueue(command({})))._unsafeUnwrap();
  await ports.clock.advance(10);
  const until = new Date(ports.clock.now().getTime() + 3_600_000).toISOString();
  const preview = await visitor.get(`/console/messages/many?action=cancel&tenant=acme&until=${until}`);
  expect(preview.html).toContain("1 queued");
  await ports.clock.advance(10);
  (await sender.enqueue(command({ conversationId: "later" })))._unsafeUnwrap();
  await visitor.post("/console/messages/many", fieldsOf(preview.html));
  expect(await statuses()).toEqual(["acme canceled", "acme queued"]);
});

it("resends failed ones, and unknown ones only if that was chosen", async () => {
  const { test, visitor, statuses } = await signedIn();
  await send(test, { onAmbiguous: "hold" }, lost);
  await send(test, { conversationId: "a" }, undeliverable);
  await test.ports.clock.advance(10);
  const preview = await visitor.get("/console/messages/many?action=resend&q=%2B628123456789");
  expect(preview.html).toContain("1 failed");
  expect(preview.html).toContain("a resend may send them twice");
  const fields = fieldsOf(preview.html);
  expect(Object.keys(fields)).not.toContain("status-unknown");
  await visitor.post("/console/messages/many", fields);
  expect(await statuses()).toEqual(["acme queued", "acme unknown"]);
  await visitor.post("/console/messages/many", { ...fields, "status-unknown": "on" });
  expect(await statuses()).toEqual(["acme queued", "acme queued"]);
});

it.each([
  ["no filter", "action=cancel", 400],
  ["another tenant", "action=cancel&tenant=globex", 400],
  ["one message", "action=cancel&q={id}", 400],
  ["a filter that is not valid", "action=cancel&status=gone&tenant=acme", 400],
  ["no such action", "action=delete&tenant=acme", 404],
])("is refused for %s", async (_, query, status) => {
  const { test, visitor, statuses } = await signedIn();
  const id = await send(test, { tenantId: "acme" });
  const { html: _html, ...answer } = await visitor.get(`/console/messages/many?${query.replace("{id}", id)}`);
  expect(answer.status).toBe(status);
  const search = new URLSearchParams(query.replace("{id}", id));
  const action = search.get("action") ?? "";
  search.delete("action");
  const fields = { action, search: search.toString(), until: new Date(8e15).toISOString(), "status-queued": "on" };
  expect((await visitor.post("/console/messages/many", fields)).status).toBe(status);
  expect(await statuses()).toEqual(["acme sent"]);
});
