import { expect, it, onTestFinished } from "vitest";

import { startConsole, startGuardedConsole } from "./console.ts";

const patient = { timeout: 120_000 };

it("shows why a number is throttled, while it is, and that it recovers, without a reload", async () => {
  const { sendTo, openBrowser, sandbox, url } = await startConsole({ PACING: "on" });
  const { page, expectQuiet } = await openBrowser();
  await page.goto(`${url}/console`);
  await page.getByText("All is well").waitFor();
  const fault = sandbox.faults.add({ target: "graph.messages", effect: { graphError: 130_429 } });
  let number = 0;
  const sending = setInterval(() => {
    const to = `+62812345${String((number += 1)).padStart(4, "0")}`;
    sendTo(to, {}, { prefer: "respond-async" }).catch(() => {});
  }, 250);
  onTestFinished(() => clearInterval(sending));
  const held = page.locator(".attention li").filter({ hasText: /is throttled to \d+ of 80 messages a second/ });
  await held.getByText("WhatsApp says that the number's limit is reached (130429)").waitFor();
  const row = page.getByRole("region", { name: "Phone numbers, the held ones first" }).getByRole("row").nth(1);
  await row.getByText("Throttled").waitFor();
  await row.getByText("(130429)").waitFor();
  await row.getByText(/^\d+ of 80\/s$/).waitFor();
  await held.getByRole("link").first().click();
  await expect.poll(() => page.url(), patient).toContain("/console/tenants#number-");
  await page.goBack();
  clearInterval(sending);
  fault.remove();
  await row.getByText("Sending").waitFor();
  expectQuiet();
});

it("draws the last hour, says the same in a table, and leads to the messages behind each figure", async () => {
  const { sendTo, openBrowser, sandbox, url } = await startConsole();
  for (const last of [1, 2, 3]) await sendTo(`+62812345000${last}`);
  sandbox.faults.add({ target: "graph.messages", trigger: { next: 1 }, effect: { graphError: 131_026 } });
  await sendTo("+628123450009");
  const { page, expectQuiet } = await openBrowser();
  await page.goto(`${url}/console`);
  await page.locator("figure.plot canvas").nth(1).waitFor();
  await page.getByText("Throughput: the figures").click();
  const newest = page.getByRole("region", { name: "Throughput, by minutes, the latest first" }).getByRole("row");
  await expect.poll(async () => (await newest.allTextContents()).join(" "), patient).toMatch(/3.*1/);
  const figure = (label: string) => page.locator(".figure").filter({ hasText: label }).getByRole("link");
  await expect.poll(() => figure("Not sent").textContent(), patient).toBe("1");
  await figure("Not sent").click();
  await expect.poll(() => page.url(), patient).toMatch(/\/console\/messages\?status=failed&since=/);
  await page.getByText("131026").first().waitFor();
  expect(await page.locator('[id^="m-"]').count()).toBe(1);
  expectQuiet();
});

it("stops a tenant and lets it go on, by the page alone", async () => {
  const { sendTo, openBrowser, url, get } = await startConsole();
  await sendTo("+628123450001");
  const { page, expectQuiet } = await openBrowser("phone");
  await page.goto(`${url}/console/tenants/acme`);
  await page.getByText("Works").waitFor();
  await page.getByText("High").waitFor();
  await page.getByRole("link", { name: "Pause…" }).click();
  await page.getByLabel("Reason").fill("Stock-taking");
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("It is paused.").waitFor();
  expect((await get("/api/v1/pauses")).body["pauses"]).toMatchObject([{ kind: "tenant", reason: "Stock-taking" }]);
  await page.goto(`${url}/console`);
  await page.getByText("Tenant acme is paused").waitFor();
  await page.goto(`${url}/console/tenants`);
  await page.getByRole("link", { name: "Resume…" }).click();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByText("It is resumed.").waitFor();
  expect((await get("/api/v1/pauses")).body["pauses"]).toEqual([]);
  expectQuiet();
});

it("lets a newcomer try the sandbox: a button whose message fails three times, and back and forth to the emulator's page", async () => {
  const { openBrowser, url, sandbox } = await startConsole({ RETRY_SCHEDULE_MS: "0,100,200,400" });
  const { page } = await openBrowser();
  await page.goto(`${url}/console`);
  await page.getByRole("button", { name: "Fail three times" }).click();
  await page.getByRole("list", { name: "Journey" }).getByText("Attempt 4: accepted by WhatsApp").waitFor();
  await page.goto(`${url}/console`);
  await page.getByRole("link", { name: "WhatsApp emulator" }).click();
  await expect.poll(() => page.url(), patient).toBe(`${sandbox.graphUrl}/`);
  await page.getByRole("link", { name: "Console" }).click();
  await page.getByRole("heading", { name: "Sandbox" }).waitFor();
  expect(page.url()).toBe(`${url}/console`);
});

it("shows a key of one tenant nothing of another, also while it stays open", async () => {
  const { sendTo, openBrowser, signIn, url } = await startGuardedConsole();
  await sendTo("+628123450001");
  await sendTo("+628123450002", { tenant_id: "rival", outlet_id: "rival-1" });
  const browser = await openBrowser();
  await signIn(browser, ["acme"]);
  const { page } = browser;
  for (const path of ["", "/tenants"]) {
    await page.goto(`${url}/console${path}`);
    await page.getByText("acme").first().waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
    expect(await page.content()).not.toContain("rival");
  }
  await page.goto(`${url}/console/tenants/rival`);
  await page.getByRole("heading", { name: "Not found" }).waitFor();
});
