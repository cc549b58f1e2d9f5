import { expect, it } from "vitest";

import { createTestConsole } from "../../test/visit.ts";
import { createAccountNotices } from "./account-notices.ts";

const webhook = (field: string, value: object, id = "102290129340398") =>
  JSON.stringify({ object: "whatsapp_business_account", entry: [{ id, changes: [{ field, value }] }] });
const written = (id: number) => webhook("messages", { messages: [{ id: `wamid.${id}`, from: "62811", type: "text" }] });
const restricted = webhook("account_update", {
  event: "ACCOUNT_RESTRICTION",
  restriction_info: [{ restriction_type: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: 1_750_000_000 }],
});

async function receive(
  { sender, ports }: Pick<ReturnType<typeof createTestConsole>, "sender" | "ports">,
  others: string[],
) {
  (await sender.receiveWebhook({ others }))._unsafeUnwrap();
  await ports.clock.advance(1000);
}

it("shows what Meta has said about accounts and numbers, the latest first, to whoever sees all tenants", async () => {
  const keys = { all: { id: "key_all", tenants: "all" }, acme: { id: "key_acme", tenants: ["acme"] } } as const;
  const test = createTestConsole(keys);
  await receive(test, [restricted]);
  await receive(test, [written(1)]);
  await receive(test, [
    webhook("phone_number_quality_update", {
      display_phone_number: "15550783881",
      event: "DOWNGRADE",
      current_limit: "TIER_2K",
    }),
  ]);
  const [all, acme] = [test.browser(), test.browser()];
  await all.signIn("all");
  const { html } = await all.get("/console/tenants");
  expect(html).toMatch(
    /Phone number quality update: downgrade.*TIER_2K.*Account update: account restriction.*RESTRICTED_BIZ_INITIATED_MESSAGING/s,
  );
  expect(html).toContain("102290129340398");
  expect(html).not.toContain("wamid.1");
  await acme.signIn("acme");
  expect((await acme.get("/console/tenants")).html).not.toContain("Account update");
});

it("finds a notice behind many other webhooks, and reads only newer ones the next time", async () => {
  const test = createTestConsole();
  await receive(test, [restricted]);
  await receive(
    test,
    Array.from({ length: 250 }, (_, id) => written(id)),
  );
  let pages = 0;
  const read = createAccountNotices({
    webhooks: (query) => {
      pages += 1;
      return test.sender.webhooks(query);
    },
  });
  expect((await read()).map(({ what }) => what)).toEqual(["Account update: account restriction"]);
  expect(pages).toBe(3);
  await test.ports.clock.advance(120_000);
  await receive(test, [webhook("account_review_update", { decision: "REJECTED" })]);
  expect((await read()).map(({ what }) => what)).toEqual([
    "Account review update: rejected",
    "Account update: account restriction",
  ]);
  const pagesBefore = pages;
  expect(await read()).toHaveLength(2);
  expect(pages - pagesBefore).toBe(1);
});

it("shows what Meta may say one day, and no markup of it", async () => {
  const test = createTestConsole();
  await receive(test, [webhook("account_alerts", { alert_info: { alert_type: "<b>NEW</b>", deep: [{ n: 1 }] } }), "x"]);
  const { html } = await test.browser().get("/console/tenants");
  expect(html).toContain("Account alerts: &lt;b&gt;new&lt;/b&gt;");
  expect(html).not.toContain("<b>");
});
