import { okAsync } from "neverthrow";
import { expect, it } from "vitest";

import { send } from "../../test/messages.ts";
import { createTestConsole } from "../../test/visit.ts";

const keys = {
  acme: { id: "key_a", tenants: ["acme"] },
  all: { id: "key_all", tenants: "all" },
} as const;

/** A console of three messages, of two tenants, whose history was refused. */
async function withRefused(key: keyof typeof keys = "acme") {
  const test = createTestConsole(keys);
  const { ports, sender } = test;
  const { store } = ports.history;
  const why = "Conversation Service: answered HTTP 400: no number 628123456789";
  const refused = { kind: "refused", reason: why, httpStatus: 400 } as const;
  Object.assign(ports.history, { store: (entries: readonly unknown[]) => okAsync(entries.map(() => refused)) });
  const ids: string[] = [];
  for (const given of [{}, { conversationId: "other" }, { tenantId: "globex" }]) {
    ids.push(await send(test, given));
    await ports.clock.runUntil(sender.tick());
  }
  const visitor = test.browser();
  await visitor.signIn(key);
  const [first = "", second = "", foreign = ""] = ids;
  const replaysOf = async (id: string) => (await sender.find(id))._unsafeUnwrap().historyReplays;
  const repair = () => Object.assign(ports.history, { store });
  return { ...test, visitor, first, second, foreign, replaysOf, repair };
}

it("the page of a tenant says what its history was not told, and the preview shows it", async () => {
  const { visitor, first, second, foreign, ports, sender } = await withRefused();
  const page = await visitor.get("/console/tenants/acme");
  expect(page.html).toContain("<strong>2 updates</strong>");
  expect(page.html).toContain('href="/console/tenants/acme/history"');
  const { html } = await visitor.get("/console/tenants/acme/history");
  for (const part of [first, second, "<strong>2 updates</strong>", "answered HTTP 400"]) expect(html).toContain(part);
  for (const part of [foreign, "628123456789"]) expect(html).not.toContain(part);
  await ports.clock.runUntil(sender.tick());
  expect(ports.history.conversation("budi")).toEqual([]);
});

it("what was given up of the tenant is delivered, and recorded with the key", async () => {
  const { visitor, first, second, foreign, replaysOf, repair, ports, sender, lines } = await withRefused();
  repair();
  await visitor.get("/console/tenants/acme/history");
  const done = await visitor.post("/console/tenants/acme/history");
  expect(done.html).toContain("2 updates are being delivered.");
  await ports.clock.runUntil(sender.tick());
  expect(ports.history.conversation("budi")).toHaveLength(1);
  for (const id of [first, second]) expect(await replaysOf(id)).toMatchObject([{ by: "key_a" }]);
  expect(await replaysOf(foreign)).toBeUndefined();
  expect(lines.filter(({ message }) => message === "console change of many")).toMatchObject([
    { fields: { caller: "key_a", action: "history", tenant_id: "acme", changed: 2 } },
  ]);
  expect((await visitor.get("/console/tenants/acme")).html).toContain("Nothing was given up");
  expect((await visitor.get("/console/tenants/acme/history")).html).not.toContain(
    '<button type="submit" class="primary"',
  );
});

it("a tenant that the visitor does not see is not found, and a form without its token is refused", async () => {
  const { visitor, first, foreign, replaysOf } = await withRefused();
  expect((await visitor.get("/console/tenants/globex/history")).status).toBe(404);
  expect((await visitor.post("/console/tenants/globex/history")).status).toBe(404);
  expect((await visitor.post("/console/tenants/acme/history", { token: "x" })).status).toBe(403);
  for (const id of [first, foreign]) expect(await replaysOf(id)).toBeUndefined();
});

it("a visitor of all tenants resends that of one", async () => {
  const { visitor, first, foreign, replaysOf } = await withRefused("all");
  await visitor.get("/console/tenants/globex/history");
  await visitor.post("/console/tenants/globex/history");
  expect(await replaysOf(foreign)).toMatchObject([{ by: "key_all" }]);
  expect(await replaysOf(first)).toBeUndefined();
});
