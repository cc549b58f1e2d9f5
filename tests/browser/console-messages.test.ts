import { revokeKey } from "@message-sender/http-adapter/api-keys";
import { expect, it } from "vitest";

import { startConsole, startGuardedConsole } from "./console.ts";

it("shows a message once it is sent, and its status as it changes, without a reload", async () => {
  const { sendTo, openBrowser, sandbox, url, get } = await startConsole();
  sandbox.webhooks.configure({ statuses: [] });
  const { page, expectQuiet } = await openBrowser();
  await page.goto(`${url}/console/messages`);
  await page.getByText("No messages yet").waitFor();
  await page.evaluate("window.isSamePage = true");
  const id = await sendTo("+628123450001");
  const row = page.locator(`#m-${id}`);
  await row.getByText("sent", { exact: true }).waitFor();
  const wamid = String((await get(`/api/v1/messages/${id}`)).body["whatsapp_message_id"]);
  for (const status of ["delivered", "read"]) {
    const path = `${sandbox.graphUrl}/__emulator/messages/${encodeURIComponent(wamid)}/status`;
    const headers = { "content-type": "application/json" };
    expect((await fetch(path, { method: "POST", headers, body: JSON.stringify({ status }) })).ok).toBe(true);
    await row.getByText(status, { exact: true }).waitFor();
  }
  expect(await page.evaluate("window.isSamePage")).toBe(true);
  expectQuiet();
});

it("shows each wait of a message that failed three times", async () => {
  const { sendTo, openBrowser, sandbox, url } = await startConsole({ RETRY_SCHEDULE_MS: "0,100,200,400" });
  sandbox.faults.add({ target: "graph.messages", trigger: { next: 3 }, effect: { graphError: 131000 } });
  const id = await sendTo("+628123450001");
  const { page, expectQuiet } = await openBrowser();
  await page.goto(`${url}/console/messages/${id}`);
  const journey = page.getByRole("list", { name: "Journey" });
  for (const number of [1, 2, 3]) await journey.getByText(`Attempt ${number}: refused with 131000`).waitFor();
  for (const number of [2, 3, 4])
    await journey.getByText(new RegExp(`^Waited \\d+ ms before attempt ${number}`)).waitFor();
  await journey.getByText("Attempt 4: accepted by WhatsApp").waitFor();
  await journey.getByText("WhatsApp reports: read").waitFor();
  const widths = await page
    .locator("rect.waits")
    .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("width"))));
  expect(widths).toHaveLength(3);
  expect(widths).toEqual(widths.toSorted((one, other) => one - other));
  expectQuiet();
});

it("a customer says that they never got it: from their number to the reason and the right action, by the page alone", async () => {
  const { sendTo, openBrowser, sandbox, url } = await startConsole();
  await sendTo("+628123450009");
  sandbox.faults.add({ target: "graph.messages", trigger: { next: 1 }, effect: { graphError: 131026 } });
  const id = await sendTo("+628123450001", { reference: "order-4711" });
  const { page, expectQuiet } = await openBrowser();

  // 1. Open the console, and its messages.
  await page.goto(`${url}/console`);
  await page.getByRole("link", { name: "Messages" }).first().click();
  // 2. Type the number as the customer says it.
  await page.getByRole("searchbox").fill("+62 812-3450-001");
  await page.keyboard.press("Enter");
  // 3. The list says in a line what became of it. Open it.
  const row = page.locator("tbody tr");
  await row.getByText("131026 the message is undeliverable to this recipient").waitFor();
  expect(await row.count()).toBe(1);
  await row.getByRole("link").click();
  // 4. Read what happened, why, and what to do.
  const verdict = page.getByLabel("What became of it");
  await verdict.getByRole("heading", { name: "It was not delivered." }).waitFor();
  await verdict.getByText("WhatsApp says 131026").waitFor();
  await verdict.getByText("The recipient may not be on WhatsApp").waitFor();
  // 5. The customer has WhatsApp again by now: resend it, and confirm.
  await verdict.getByRole("link", { name: "Resend…" }).click();
  await page.getByRole("heading", { name: "Resend this message?" }).waitFor();
  await page.getByRole("button", { name: "Resend" }).click();
  // 6. See that it arrives.
  await page.getByText("It is in the queue again.").waitFor();
  await page.getByRole("heading", { name: "The customer has read it." }).waitFor();
  expect(page.url()).toContain(id);
  expectQuiet();
});

it("the Conversation Service lost what it was told: from the message, and from its tenant, it is told again", async () => {
  const { sendTo, openBrowser, sandbox, url } = await startConsole();
  const fault = sandbox.faults.add({ target: "conversation", effect: { status: 400 } });
  const id = await sendTo("+628123450001");
  const { page, expectQuiet } = await openBrowser();
  await page.goto(`${url}/console/messages/${id}`);
  const journey = page.getByRole("list", { name: "Journey" });
  await journey.getByText(/^Conversation Service, version \d: given up after 1 try/).waitFor();
  fault.remove();
  await page.getByRole("link", { name: "Resend history…" }).click();
  await page.getByRole("heading", { name: "Resend history of this message?" }).waitFor();
  expect(sandbox.conversation.messages).toHaveLength(0);
  await page.getByRole("button", { name: "Resend history" }).click();
  await page.getByText("The updates are being delivered again.").waitFor();
  await page.getByText("Nothing is left to deliver.").first().waitFor();
  expect(sandbox.conversation.message(id)).toMatchObject({ message_id: id });

  const again = sandbox.faults.add({ target: "conversation", effect: { status: 400 } });
  const other = await sendTo("+628123450002");
  await page.goto(`${url}/console/tenants/acme`);
  await page.getByRole("link", { name: "Resend history…" }).click();
  await page.locator(`tr[id^="h-${other}"]`).getByText("answered HTTP 400").waitFor();
  again.remove();
  await page.getByRole("button", { name: "Resend" }).click();
  await page.getByText("1 update is being delivered.").waitFor();
  await page.getByRole("link", { name: "Back to the tenant" }).click();
  await page.getByText("Nothing was given up").waitFor();
  await expect.poll(() => sandbox.conversation.message(other)).toMatchObject({ message_id: other });
  expectQuiet();
});

it("shows whom and what a message says only on request", async () => {
  const { sendTo, openBrowser, url, log } = await startConsole();
  const id = await sendTo("+628123450001", { message: "The code is 1234" });
  const { page, expectQuiet } = await openBrowser();
  await page.goto(`${url}/console/messages/${id}`);
  await page.getByRole("heading", { name: "Message to +62 ••• 0001" }).waitFor();
  expect(await page.content()).not.toMatch(/8123450001|The code is/);
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("The code is 1234").waitFor();
  await page.getByRole("heading", { name: "Message to +628123450001" }).waitFor();
  expect(log.filter((line) => line.includes("console content shown") && line.includes(id))).toHaveLength(1);
  expectQuiet();
});

it("runs nothing that a message, a reference or a URL brings along", async () => {
  const { sendTo, openBrowser, url } = await startConsole();
  const attack = `"><img src=x onerror="window.attacked=1"><script>window.attacked=1</script>`;
  const id = await sendTo("+628123450001", { message: attack, reference: attack });
  const { page, expectQuiet } = await openBrowser();
  for (const path of [
    "",
    `?q=${encodeURIComponent(attack)}`,
    `/${id}`,
    `/many?action=resend&q=${encodeURIComponent(attack)}`,
  ]) {
    await page.goto(`${url}/console/messages${path}`);
    await page.locator("[data-state=live], body:not([data-live])").waitFor();
    expect(await page.evaluate("window.attacked"), path).toBeUndefined();
  }
  await page.goto(`${url}/console/messages/${id}`);
  await page.getByRole("button", { name: "Show" }).click();
  await page.locator(".message-text").filter({ hasText: attack }).waitFor();
  expect(await page.evaluate("window.attacked")).toBeUndefined();
  expectQuiet();
});

it("a key of one tenant finds nothing of another, and signs nobody in once it is revoked", async () => {
  const { sendTo, openBrowser, signIn, url, path } = await startGuardedConsole();
  const [mine, theirs] = [
    await sendTo("+628123450001", { tenant_id: "globex", outlet_id: "berlin", reference: "order-1" }),
    await sendTo("+628123450002", { reference: "order-2" }),
  ];
  const browser = await openBrowser();
  const { page } = browser;
  const { id: keyId } = await signIn(browser, ["globex"]);
  await page.locator(`#m-${mine}`).waitFor();
  expect(await page.locator("tbody tr").count()).toBe(1);
  for (const query of [`q=${theirs}`, "q=order-2", "q=%2B628123450002", "tenant=acme"]) {
    await page.goto(`${url}/console/messages?${query}`);
    await page.getByText("Nothing found").waitFor();
    expect(await page.content()).not.toContain("jakarta");
  }
  for (const address of ["", "/confirm?action=resend"]) {
    const answer = await page.goto(`${url}/console/messages/${theirs}${address}`);
    expect(answer?.status()).toBe(404);
  }
  await page.goto(`${url}/console/messages`);
  expect((await revokeKey(path, keyId)).isOk()).toBe(true);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

it("is used by keyboard alone", async () => {
  const { sendTo, openBrowser, url } = await startConsole();
  const id = await sendTo("+628123450001");
  const { page } = await openBrowser();
  await page.goto(`${url}/console/messages`);
  await page.locator(`#m-${id}`).waitFor();
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("+628123450001");
  await page.keyboard.press("Enter");
  await page.getByText("Found by number.").waitFor();
  const link = page.locator(`#m-${id}`).getByRole("link");
  for (
    let presses = 0;
    presses < 40 && !(await link.evaluate((element) => element === element.ownerDocument.activeElement));
    presses += 1
  )
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Message to +62 ••• 0001" }).waitFor();
});
