import { text } from "@message-sender/core";
import { describe, expect, it } from "vitest";

import { command, send, undeliverable } from "../../test/messages.ts";
import { createTestConsole } from "../../test/visit.ts";

const ids = (html: string) => [...html.matchAll(/<tr id="m-([^"]+)"/g)].map(([, id]) => id);

describe("the list of messages", () => {
  async function withMessages() {
    const test = createTestConsole();
    const read = await send(test, { reference: "order-4711" });
    await test.ports.clock.advance(60_000);
    const failed = await send(test, { to: "+628123450000", conversationId: "sari" }, undeliverable);
    await test.ports.clock.advance(60_000);
    const other = await send(test, { tenantId: "globex", outletId: "berlin", reference: "order-4711" });
    const visitor = test.browser();
    const find = async (query: string) => ids((await visitor.get(`/console/messages?${query}`)).html);
    return { ...test, read, failed, other, visitor, find };
  }

  it("has the newest first, each with its status and the reason why", async () => {
    const { visitor, read, failed, other } = await withMessages();
    const { html, status } = await visitor.get("/console/messages");
    expect(status).toBe(200);
    expect(ids(html)).toEqual([other, failed, read]);
    expect(html).toContain("131026 the message is undeliverable to this recipient");
    expect(html).toContain('<span class="badge bad">failed</span>');
  });

  it("finds a message by whatever is typed, and says by what", async () => {
    const { find, visitor, read, failed, other } = await withMessages();
    expect(await find("q=%2B62 812-345-0000")).toEqual([failed]);
    expect(await find("q=+628123450000")).toEqual([failed]);
    expect(await find(`q=${failed}`)).toEqual([failed]);
    expect(await find("q=wamid.1")).toEqual([read]);
    expect(await find("q=sari")).toEqual([failed]);
    expect(await find("q=order-4711")).toEqual([other, read]);
    expect((await visitor.get("/console/messages?q=sari")).html).toContain("Found by conversation.");
    const nothing = await visitor.get("/console/messages?q=%2B628999999999");
    expect(nothing.html).toContain("Looked for it as number and reference.");
    expect((await visitor.get("/console/messages?q=0812-3456-789")).html).toContain("has no country code");
  });

  it("filters by what the URL says", async () => {
    const { find, read, failed, other } = await withMessages();
    expect(await find("status=failed")).toEqual([failed]);
    expect(await find("tenant=globex")).toEqual([other]);
    expect(await find("tenant=acme&outlet=jakarta-1&conversation=budi")).toEqual([read]);
    expect(await find("since=2025-11-21T10:00:30&until=2025-11-21T10:01:30Z")).toEqual([failed]);
    expect(await find("q=order-4711&tenant=acme")).toEqual([read]);
  });

  it("says what pauses a message that waits", async () => {
    const test = createTestConsole();
    const { message } = (await test.sender.enqueue(command()))._unsafeUnwrap();
    (
      await test.sender.pause({ tenantId: "acme", outletId: "jakarta-1", reason: "The shop moves.", by: "ops" })
    )._unsafeUnwrap();
    const { html } = await test.browser().get("/console/messages");
    expect(ids(html)).toEqual([message.id]);
    expect(html).toMatch(/<span class="why[^"]*">[^<]*The shop moves\./);
  });

  it("says that a number needs its country code, beside the box and where nothing was found, and offers those of the latest recipients", async () => {
    const { visitor, failed } = await withMessages();
    const box = await visitor.get("/console/messages");
    expect(box.html).toMatch(/aria-describedby="search-hint"[^]*id="search-hint">[^<]*with its country code/);
    const nothing = await visitor.get("/console/messages?q=0812-345-0000");
    expect(nothing.html).toContain("0812-345-0000 has no country code");
    const [, href = ""] = /Look for <a href="([^"]+)">\+628123450000<\/a>/.exec(nothing.html) ?? [];
    expect(ids((await visitor.get(href)).html)).toEqual([failed]);
  });

  it("names what is wrong with a filter, and shows nothing then", async () => {
    const { visitor } = await withMessages();
    for (const [query, problem] of [
      ["status=gone&since=soon", "since must be a time such as 2026-01-31T12:00; status is not a status"],
      ["since=2025-02-01&until=2025-01-01", "until must be later than since"],
      ["tenant=a%20b", "tenant must be 1–128 URL-safe characters"],
      ["cursor=x", "cursor must come from the page before"],
    ]) {
      const { html, status } = await visitor.get(`/console/messages?${query}`);
      expect([status, html], query).toEqual([400, expect.stringContaining(String(problem))]);
      expect(html).not.toContain("<tr id=");
      expect(html).not.toContain("/console/messages/many");
    }
  });

  it("has pages, whose links carry the search", async () => {
    const test = createTestConsole();
    const commands = Array.from({ length: 60 }, (_, index) =>
      command({ conversationId: `c-${index}`, reference: "r" }),
    );
    for (const each of commands) (await test.sender.enqueue(each))._unsafeUnwrap();
    const visitor = test.browser();
    const first = await visitor.get("/console/messages?q=r&tenant=acme");
    const next =
      /href="(\/console\/messages\?[^"]*cursor=[^"]*)" rel="next"/.exec(first.html)?.[1]?.replaceAll("&amp;", "&") ??
      "";
    const second = await visitor.get(next);
    expect([ids(first.html).length, ids(second.html).length]).toEqual([50, 10]);
    expect(new Set([...ids(first.html), ...ids(second.html)]).size).toBe(60);
    expect(next).toMatch(/q=r&tenant=acme&cursor=.*&as=reference/);
    expect(second.html).toContain('href="/console/messages?q=r&amp;tenant=acme"');
  });

  it("shows no number, no content, and nothing that is not escaped", async () => {
    const test = createTestConsole();
    const attack = `"><script>alert(1)</script><img src=x onerror=alert(1)>`;
    await send(test, { reference: attack, content: text(attack), conversationId: "628123456789" });
    const visitor = test.browser();
    for (const path of ["", `?q=${encodeURIComponent(attack)}`, `?outlet=${encodeURIComponent(attack)}`]) {
      const { html } = await visitor.get(`/console/messages${path}`);
      expect(html).not.toContain("<script>alert");
      expect(html).not.toContain("<img");
      expect(html.replaceAll("+62 812…", "")).not.toMatch(/628123456789/);
    }
  });
});

describe("a visitor of one tenant", () => {
  const keys = {
    msk_globex: { id: "key_g", tenants: ["globex"] },
    msk_all: { id: "key_all", tenants: "all" },
  } as const;

  it("finds nothing of another, by whatever is typed, and gets the answer about what does not exist", async () => {
    const test = createTestConsole(keys);
    const id = await send(test, { reference: "order-4711" }, undeliverable);
    const own = await send(test, { tenantId: "globex", reference: "order-4711" });
    const visitor = test.browser();
    await visitor.signIn("msk_globex");
    for (const query of ["", "q=order-4711", "tenant=globex"]) {
      expect(ids((await visitor.get(`/console/messages?${query}`)).html)).toEqual([own]);
    }
    for (const query of [
      `q=${id}`,
      "q=wamid.1",
      "q=%2B628123456789&status=failed",
      "q=budi&status=failed",
      "tenant=acme",
      "tenant=acme&status=failed",
    ]) {
      const { html } = await visitor.get(`/console/messages?${query}`);
      expect(ids(html), query).toEqual([]);
      expect(html).toContain("Nothing found");
    }
    const nothing = "01a2258d-60e9-70c5-b562-e687e0f9f250";
    for (const page of ["", "/live", "/confirm?action=resend"]) {
      const [theirs, none] = [
        await visitor.get(`/console/messages/${id}${page}`),
        await visitor.get(`/console/messages/${nothing}${page}`),
      ];
      expect([theirs.status, theirs.html]).toEqual([404, none.html]);
    }
    for (const page of ["show", "change"]) {
      const answer = await visitor.post(`/console/messages/${id}/${page}`, { action: "resend" });
      expect([answer.status, answer.html.includes("acme")]).toEqual([404, false]);
    }
    expect((await test.sender.find(id))._unsafeUnwrap().resends).toBeUndefined();
  });

  it("chooses among their tenants, and whoever sees all names one", async () => {
    const test = createTestConsole(keys);
    const [one, all] = [test.browser(), test.browser()];
    await one.signIn("msk_globex");
    await all.signIn("msk_all");
    expect((await one.get("/console/messages")).html).toMatch(
      /<select name="tenant"><option value="">globex<\/option><\/select>/,
    );
    expect((await all.get("/console/messages")).html).toContain('<input name="tenant"/>');
  });
});
