import { describe, expect, it } from "vitest";

import { createTestConsole } from "../../test/visit.ts";

const keys = {
  msk_acme: { id: "key_a", tenants: ["acme"] },
  msk_read: { id: "key_r", tenants: "all", scopes: ["read"] },
} as const;

describe("a sign-in", () => {
  it("is asked for by every page, which is shown after it", async () => {
    const { browser } = createTestConsole(keys);
    const visitor = browser();
    const asked = await visitor.get("/console/messages?status=failed");
    expect([asked.status, asked.headers.get("location")]).toEqual([
      303,
      "/console/sign-in?return=%2Fconsole%2Fmessages%3Fstatus%3Dfailed",
    ]);
    expect((await visitor.get(asked.headers.get("location") ?? "")).html).toContain(
      'value="/console/messages?status=failed"',
    );
    const done = await visitor.post("/console/sign-in", {
      key: " msk_acme\n",
      return: "/console/messages?status=failed",
    });
    expect([done.status, done.headers.get("location")]).toEqual([303, "/console/messages?status=failed"]);
    expect((await visitor.get("/console/nothing")).status).toBe(404);
  });

  it.each([
    "https://evil.example/",
    "//evil.example",
    "/console//evil.example",
    "/console\\evil",
    "/consolebad",
    "/docs",
    "/console/\r\nx",
  ])("never leads elsewhere: %j", async (wanted) => {
    const visitor = createTestConsole(keys).browser();
    await visitor.get(`/console/sign-in?return=${encodeURIComponent(wanted)}`);
    const done = await visitor.post("/console/sign-in", { key: "msk_acme", return: wanted });
    expect(done.headers.get("location")).toBe("/console");
  });

  it("is refused with a wrong key, or one without the scope, and the log says who tried", async () => {
    const { browser, lines } = createTestConsole(keys);
    const wrong = await browser().signIn("msk_wrong");
    expect([wrong.status, wrong.headers.getSetCookie()]).toEqual([401, []]);
    expect(wrong.html).toContain("The API key is not valid: it may have been revoked.");
    expect((await browser().signIn("msk_read")).html).toContain("This needs the scope console.");
    expect((await browser().signIn("two words")).status).toBe(401);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual(
      Array(3).fill("warn console sign-in refused"),
    );
    expect(JSON.stringify(lines)).not.toContain("msk_wrong");
  });

  it("is refused for a minute after ten failures of one client, also with the right key", async () => {
    const { browser, ports } = createTestConsole(keys);
    for (let tries = 0; tries < 10; tries += 1) expect((await browser().signIn("msk_wrong")).status).toBe(401);
    const refused = await browser().signIn("msk_acme");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    expect((await browser("192.0.2.2").signIn("msk_acme")).status).toBe(303);
    await ports.clock.advance(60_000);
    expect((await browser().signIn("msk_acme")).status).toBe(303);
  });

  it("sets a cookie that scripts cannot read, and over TLS only TLS carries", async () => {
    const cookieOf = async (origin: string) => {
      const visitor = createTestConsole(keys).browser();
      await visitor.get("/console/sign-in");
      const done = await visitor.post("/console/sign-in", { key: "msk_acme" }, { origin });
      return done.headers.getSetCookie().find((line) => line.startsWith("message_sender_session="));
    };
    const plain = await cookieOf("http://localhost");
    expect(plain).toMatch(/; Path=\/console; Expires=.* GMT; HttpOnly; SameSite=Lax$/);
    expect(await cookieOf("https://localhost")).toContain("; Secure;");
    expect(plain).not.toContain("msk_acme");
  });
});

describe("a session", () => {
  async function signedIn() {
    const test = createTestConsole(keys);
    const visitor = test.browser();
    await visitor.signIn("msk_acme");
    const isIn = async () => (await visitor.get("/console/nothing")).status === 404;
    expect(await isIn()).toBe(true);
    return { ...test, visitor, isIn };
  }

  it("ends at once when its key is revoked", async () => {
    const { isIn, revoke } = await signedIn();
    revoke("msk_acme");
    expect(await isIn()).toBe(false);
  });

  it("ends after twelve hours", async () => {
    const { isIn, ports } = await signedIn();
    await ports.clock.advance(12 * 3_600_000 - 1);
    expect(await isIn()).toBe(true);
    await ports.clock.advance(1);
    expect(await isIn()).toBe(false);
  });

  it("ends with a sign-out, also for a copy of its cookie", async () => {
    const { visitor, isIn } = await signedIn();
    const copy = new Map(visitor.cookies);
    await visitor.get("/console/sign-in");
    expect((await visitor.post("/console/sign-out")).headers.get("location")).toBe("/console/sign-in");
    expect(visitor.cookies.has("message_sender_session")).toBe(false);
    for (const [name, value] of copy) visitor.cookies.set(name, value);
    expect(await isIn()).toBe(false);
  });

  it("is no other text: changed, of another key, empty or long", async () => {
    const { visitor, isIn, app } = await signedIn();
    const cookie = visitor.cookies.get("message_sender_session") ?? "";
    const [name, sealed = ""] = cookie.split(".");
    const flipped = (sealed.startsWith("A") ? "B" : "A") + sealed.slice(1);
    const other = Buffer.from("key_r").toString("base64url");
    for (const text of [`${name}.${flipped}`, `${other}.${sealed}`, sealed, ".", "", "a.".repeat(2000), `${name}.`]) {
      visitor.cookies.set("message_sender_session", text);
      expect(await isIn(), text.slice(0, 20)).toBe(false);
    }
    const answer = await app.request("/console/live", { headers: { accept: "text/event-stream" } });
    expect(answer.status).toBe(401);
  });

  it("is asked for in words that fit a visitor who never had one too", async () => {
    const answer = await createTestConsole(keys).app.request("/console");
    expect(answer.status).toBe(401);
    const page = await answer.text();
    expect(page).toContain("Not signed in");
    expect(page).toContain("You have not signed in, or your session has ended.");
  });
});

describe("a form", () => {
  it("is refused without its token, or with that of another browser or session", async () => {
    const { browser } = createTestConsole(keys);
    const [visitor, other] = [browser(), browser()];
    await visitor.get("/console/sign-in");
    const foreign = /name="token" value="([^"]+)"/.exec((await other.get("/console/sign-in")).html)?.[1] ?? "";
    for (const token of ["", "x", foreign]) {
      expect((await visitor.post("/console/sign-in", { key: "msk_acme", token })).status).toBe(403);
    }
    visitor.cookies.delete("message_sender_form");
    expect((await visitor.post("/console/sign-in", { key: "msk_acme" })).status).toBe(403);
  });

  it("that cannot be read is refused, and is no error of the server", async () => {
    const { app, lines } = createTestConsole(keys);
    const headers = { "content-type": "multipart/form-data", "sec-fetch-site": "same-origin" };
    const answer = await app.request("/console/sign-in", { method: "POST", body: "no form", headers });
    expect([answer.status, lines]).toEqual([403, []]);
  });

  it.each([
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
    ["a sibling", { "sec-fetch-site": "same-site", origin: "http://evil.localhost" }, 403],
    ["another site that hides its origin", { "sec-fetch-site": "cross-site" }, 403],
    ["an old browser's page of another site", { "sec-fetch-site": "", origin: "https://evil.example" }, 403],
    ["a page behind a proxy that ends TLS", { origin: "https://localhost" }, 303],
    ["a program that has the token", { "sec-fetch-site": "" }, 303],
    ["an old browser's own page", { "sec-fetch-site": "", origin: "http://localhost" }, 303],
  ])("of %s is answered by where it comes from", async (_, headers, status) => {
    const visitor = createTestConsole(keys).browser();
    await visitor.get("/console/sign-in");
    expect((await visitor.post("/console/sign-in", { key: "msk_acme" }, headers)).status).toBe(status);
  });
});

it("without keys everybody is in, and no sign-in is shown", async () => {
  const visitor = createTestConsole().browser();
  expect((await visitor.get("/console/sign-in")).headers.get("location")).toBe("/console");
  expect((await visitor.get("/console/nothing")).status).toBe(404);
});

it("an open page ends once its key is for other tenants", async () => {
  const { app, browser, change } = createTestConsole({ msk_some: { id: "key_s", tenants: ["acme", "globex"] } });
  const visitor = browser();
  await visitor.signIn("msk_some");
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const stream = await app.request("/console/messages/live", { headers: { cookie, accept: "text/event-stream" } });
  const reader = stream.body!.getReader();
  await reader.read();
  change("msk_some", { id: "key_s", tenants: ["acme"] });
  let isOver = false;
  const read = async (): Promise<void> => {
    isOver = (await reader.read()).done;
    if (!isOver) await read();
  };
  read().catch(() => {});
  await expect.poll(() => isOver, { timeout: 10_000 }).toBe(true);
  expect((await visitor.get("/console/tenants/globex")).status).toBe(404);
});
