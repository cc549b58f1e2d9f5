import { expect, test } from "vitest";

import { openPage } from "../../../test/open-page.ts";

test.each<[string, Record<string, string>, object, string]>([
  [
    "an error",
    { effect: "graphError", graphError: "131056", details: "" },
    { effect: { graphError: 131056 } },
    "131056 · ",
  ],
  [
    "a status",
    { effect: "status", status: "503", statusBody: "down" },
    { effect: { status: 503, body: "down" } },
    "Status 503",
  ],
  ["a delay", { effect: "acceptThenDelayMs", ms: "50" }, { effect: { acceptThenDelayMs: 50 } }, "answered after 50 ms"],
  ["a lost answer", { effect: "loseClose" }, { effect: { acceptThenLose: "close" } }, "the answer lost (close)"],
  ["a reset", { effect: "resetBefore" }, { effect: { reset: "before" } }, "reset before the body"],
  ["half an answer", { effect: "truncate" }, { effect: { truncate: true } }, "half of the answer"],
  ["no answer", { effect: "hang", trigger: "always" }, { effect: { hang: true }, trigger: "always" }, "every request"],
  [
    "a page",
    { effect: "html", trigger: "every", count: "3" },
    { effect: { html: true }, trigger: { every: 3 } },
    "one of every 3 requests",
  ],
  ["only some", { effect: "delayMs", to: "+62" }, { match: { to: "+62" }, effect: { delayMs: 2_000 } }, "to +62"],
])("a fault is armed with %s, shown in words, and disarmed", async (_, fields, expected, words) => {
  const { submit, faults, show } = await openPage();
  const form = { target: "graph.messages", trigger: "next", count: "2", ...fields };
  expect(await submit("arm-fault", form)).toMatchObject({ status: 200 });
  const [fault] = faults.list();
  expect(fault).toMatchObject({ target: "graph.messages", trigger: { next: 2 }, ...expected });
  const armed = /<li class="armed".*?<\/li>/s.exec(await show("/?view=faults"))?.[0];
  expect(armed).toContain(words);
  expect(armed).toContain("0 hits");
  await submit("disarm-fault", { id: fault?.id ?? "" });
  expect(faults.list()).toEqual([]);
});

test("a fault that cannot be says why", async () => {
  const { submit } = await openPage();
  const form = { target: "tenant", trigger: "always", effect: "graphError", graphError: "1" };
  expect(await submit("arm-fault", form)).toMatchObject({ status: 400, says: /graphError requires the target graph/ });
});

test("limits are set and taken back", async () => {
  const { submit, state } = await openPage();
  await submit("limits", { throughputPerSecond: "80", throughputOf: "123: 20\n456 = 5", pair: "on", window: "on" });
  const throughputOf = { "123": 20, "456": 5 };
  expect(state().limiter.limits).toEqual({ throughputPerSecond: 80, throughputOf, pair: true, window: true });
  await submit("limits", {});
  expect(state().limiter.limits).toEqual({});
});

test("a template is rejected, and says why", async () => {
  const { submit, show, state } = await openPage({ templates: [{ name: "order_ready", language: "en_US" }] });
  const [{ id } = { id: "" }] = state().templates.all();
  const outcome = await submit("review", { id, name: "order_ready", status: "rejected", reason: "PROMOTIONAL" });
  expect(outcome).toEqual({ status: 200, says: "order_ready is rejected." });
  expect(await show("/?view=templates")).toMatch(/badge bad">rejected.*PROMOTIONAL/s);
  await submit("review", { id, name: "order_ready", status: "paused", reason: "PROMOTIONAL" });
  expect(state().templates.find(id)?.status).toBe("paused");
});

test("settings of webhooks change what the form says, and keep the rest", async () => {
  const { submit, webhooks } = await openPage({ webhooks: { statuses: ["sent"] } });
  await submit("webhook-settings", { duplicate: "2", withhold: "on" });
  expect(webhooks.state()).toMatchObject({ duplicate: 2, withheld: true, reorder: false });
  expect(webhooks.state().statuses).toBeUndefined();
  await submit("webhook-settings", { duplicate: "1", "by-hand": "on" });
  expect(webhooks.state()).toMatchObject({ duplicate: 1, withheld: false, statuses: [] });
  await submit("webhook-settings", { "was-by-hand": "yes" });
  expect(webhooks.state().statuses).toEqual(["sent", "delivered", "read", "played"]);
});

test("the clock goes forward, and a reset takes it back", async () => {
  const { submit, clock, show } = await openPage();
  await submit("clock", { by: "3", unit: "days" });
  expect(clock.aheadMs).toBe(3 * 86_400_000);
  expect(await show("/?view=sandbox")).toContain("72 hours ahead");
  await submit("reset", {});
  expect(clock.aheadMs).toBe(0);
});

test("a snapshot that was exported is imported", async () => {
  const one = await openPage();
  await one.send({ text: { body: "Kept" } });
  const { body } = await one.call("GET", "/snapshot");
  const other = await openPage();
  const form = new FormData();
  form.set("snapshot", new File([JSON.stringify(body)], "sandbox.json"));
  expect(await other.submit("import", form)).toMatchObject({ status: 200 });
  expect(other.chats.all().map(({ text }) => text)).toEqual(["Kept"]);
});
