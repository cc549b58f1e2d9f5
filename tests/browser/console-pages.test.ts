import { expect, it } from "vitest";

import { startConsole, startGuardedConsole } from "./console.ts";
import { cutParts, looks, seriousProblems, sideways } from "./watched-page.ts";

const names = Object.keys(looks) as (keyof typeof looks)[];

it.each(names)("each page is accessible, quiet, and no wider than its window: %s", async (look) => {
  const { sendTo, openBrowser, sandbox, url } = await startConsole({ RETRY_SCHEDULE_MS: "0,100,200,400" });
  sandbox.faults.add({ target: "graph.messages", trigger: { next: 3 }, effect: { graphError: 131000 } });
  const repeated = await sendTo("+628123450001", { reference: "order-4711" });
  sandbox.faults.add({ target: "graph.messages", trigger: { next: 1 }, effect: { graphError: 131026 } });
  const failed = await sendTo("+628123450002");
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const queued = await sendTo("+628123450003", { scheduled_at: soon }, { prefer: "respond-async" });
  const { page, expectQuiet } = await openBrowser(look);
  for (const path of [
    "",
    "/tenants",
    "/tenants/acme",
    "/tenants/5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b01",
    "/pauses/new?tenant_id=acme",
    "/messages",
    "/messages?status=failed&tenant=acme",
    "/messages?q=nothing",
    `/messages/${repeated}`,
    `/messages/${failed}`,
    `/messages/${queued}`,
    `/messages/${queued}/confirm?action=cancel`,
    "/messages/many?action=resend&tenant=acme",
  ]) {
    await page.goto(`${url}/console${path}`);
    await page.locator("main h1").first().waitFor();
    expect(await seriousProblems(page), path).toEqual([]);
    expect(await sideways(page), path).toBe(0);
    expect(await cutParts(page), path).toEqual([]);
  }
  await page.goto(`${url}/console/messages/${failed}`);
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("Shown on your request").waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  expectQuiet();
});

it.each(names)("so are the sign-in, and what is said to whoever may not see a page: %s", async (look) => {
  const { openBrowser, signIn, url } = await startGuardedConsole();
  const browser = await openBrowser(look);
  const { page } = browser;
  await page.goto(`${url}/console`);
  expect(await seriousProblems(page)).toEqual([]);
  expect(await sideways(page)).toBe(0);
  await signIn(browser, ["acme"]);
  expect(await sideways(page)).toBe(0);
  await page.goto(`${url}/console/messages/nothing`);
  await page.getByRole("heading", { name: "Not found" }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
});
