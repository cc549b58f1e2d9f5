import { text } from "@message-sender/core";
import { beforeEach, describe, expect, it } from "vitest";

import { createTestConsole } from "../../test/visit.ts";

let test: ReturnType<typeof createTestConsole>;

beforeEach(async () => {
  test = createTestConsole({
    all: { id: "key_all", tenants: "all" },
    acme: { id: "key_acme", tenants: ["acme"] },
  });
  for (const [tenantId, to] of [
    ["acme", "+12025550101"],
    ["rival", "+12025550102"],
  ] as const) {
    const command = { tenantId, outletId: `${tenantId}-main`, conversationId: "c", to, content: text("Hello") };
    (await test.ports.clock.runUntil(Promise.resolve(test.sender.send(command))))._unsafeUnwrap();
  }
});

async function visit(key: string) {
  const browser = test.browser();
  expect((await browser.signIn(key)).status).toBe(303);
  return browser;
}

describe("a key of one tenant", () => {
  it.each(["/console", "/console/tenants", "/console/tenants/acme"])("sees nothing of another at %s", async (path) => {
    const { html, status } = await (await visit("acme")).get(path);
    expect(status).toBe(200);
    expect(html).toContain("acme");
    expect(html).not.toContain("rival");
  });

  it.each([
    "/console/tenants/rival",
    "/console/tenants/nobody",
    "/console/tenants/a%20b",
    "/console/live/tenants/rival",
  ])("finds nothing at %s", async (path) => {
    expect((await (await visit("acme")).get(path)).status).toBe(404);
  });

  it("comes to the page of a tenant by its id", async () => {
    const { status, headers } = await (await visit("acme")).get("/console/tenants?tenant=a%2Fb");
    expect([status, headers.get("location")]).toEqual([303, "/console/tenants/a%2Fb"]);
  });

  it("does not see what all tenants do together", async () => {
    const { html } = await (await visit("acme")).get("/console");
    for (const word of ["Throughput", "Processes", "Deliveries"]) expect(html).not.toContain(word);
    expect(html).toMatch(/<dt>Sent<\/dt><dd><a [^>]*>1<\/a>/);
    expect((await (await visit("all")).get("/console")).html).toContain("rival");
  });
});

describe("the page of a tenant", () => {
  it("shows its outlets, its quota and its usage", async () => {
    const { html } = await (await visit("all")).get("/console/tenants/acme");
    expect(html).toContain("acme-main");
    expect(html).toContain("Quota");
    expect(html).toContain("By Meta&#39;s pricing category");
    expect(html).not.toContain("rival-main");
  });
});

describe("pausing", () => {
  const fields = { tenant_id: "acme", outlet_id: "acme-main", minutes: "60", reason: "Stock-taking" };

  it("is done by the key, recorded, shown with its reason, and ended again", async () => {
    const browser = await visit("all");
    await browser.get("/console/pauses/new");
    const paused = await browser.post("/console/pauses/new", fields);
    expect([paused.status, paused.headers.get("location")]).toEqual([303, "/console/tenants?done=paused#pauses"]);
    const [pause] = (await test.sender.pauses())._unsafeUnwrap();
    const until = new Date(test.ports.clock.now().getTime() + 3_600_000);
    expect(pause).toMatchObject({ kind: "outlet", name: "acme-main", by: "key_all", owner: "operator", until });
    expect((await browser.get("/console")).html).toContain("Stock-taking");
    expect((await browser.get(`/console/pauses/resume?id=${encodeURIComponent(pause?.id ?? "")}`)).html).toContain(
      "Resume",
    );
    const resumed = await browser.post("/console/pauses/resume", { id: pause?.id ?? "" });
    expect(resumed.headers.get("location")).toBe("/console/tenants?done=resumed#pauses");
    expect((await test.sender.pauses())._unsafeUnwrap()).toEqual([]);
    const changes = test.lines.filter(({ message }) => message === "console change");
    expect(changes.map(({ fields: { caller, action, tenant_id } }) => ({ caller, action, tenant_id }))).toEqual([
      { caller: "key_all", action: "pause", tenant_id: "acme" },
      { caller: "key_all", action: "resume", tenant_id: "acme" },
    ]);
  });

  it("is refused without the token of the form", async () => {
    const browser = await visit("all");
    await browser.get("/console/pauses/new");
    expect((await browser.post("/console/pauses/new", { ...fields, token: "guessed" })).status).toBe(403);
    expect((await browser.post("/console/pauses/new", fields, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await test.sender.pauses())._unsafeUnwrap()).toEqual([]);
  });

  it("of another tenant is refused, and says what is wrong with a form", async () => {
    const browser = await visit("acme");
    await browser.get("/console/pauses/new");
    const foreign = await browser.post("/console/pauses/new", { ...fields, tenant_id: "rival" });
    expect(foreign.status).toBe(400);
    const both = await browser.post("/console/pauses/new", { ...fields, phone_number_id: "1", reason: "" });
    expect(both.status).toBe(400);
    expect(both.html).toContain("must name one of");
    expect(both.html).toContain("reason: must be");
    expect((await test.sender.pauses())._unsafeUnwrap()).toEqual([]);
  });

  it("for itself is a tenant's to end, and that of an operator is not", async () => {
    const own = await visit("acme");
    await own.get("/console/pauses/new");
    expect((await own.post("/console/pauses/new", fields)).status).toBe(303);
    const operator = await visit("all");
    await operator.get("/console/pauses/new");
    expect((await operator.post("/console/pauses/new", { tenant_id: "acme", reason: "unpaid" })).status).toBe(303);
    const pauses = (await test.sender.pauses())._unsafeUnwrap();
    const [ofTenant, ofOperator] = ["tenant", "operator"].map(
      (owner) => pauses.find((pause) => pause.owner === owner)?.id ?? "",
    );
    expect((await own.get("/console/tenants/acme")).html).toContain("not yours to end");
    expect((await own.post("/console/pauses/resume", { id: ofOperator ?? "" })).status).toBe(404);
    expect((await own.post("/console/pauses/resume", { id: ofTenant ?? "" })).status).toBe(303);
    expect((await test.sender.pauses())._unsafeUnwrap().map(({ id }) => id)).toEqual([ofOperator]);
  });
});
