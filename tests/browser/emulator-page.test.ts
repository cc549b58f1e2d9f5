import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { type SandboxOptions, startSandbox } from "@message-sender/emulator";
import type { Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";

import { startChromium } from "./chromium.ts";
import { cutParts, looks, seriousProblems, sideways, watchPage } from "./watched-page.ts";
import { openWebhookEndpoint } from "./webhook-endpoint.ts";

const number = "106540352242922";
const customer = "628123456789";
const chat = `/?chat=${number}/${customer}`;
const endpoint = { appSecret: "the-app-secret", verifyToken: "the-token" };

async function open(path: string, options: SandboxOptions = { webhooks: { statuses: [] } }) {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const watched = await watchPage(await startChromium(), sandbox.graphUrl);
  const { page } = watched;
  await page.goto(sandbox.graphUrl + path);
  await page.getByText("Live", { exact: true }).waitFor();

  /** Sends as a bot in any language does. */
  async function curl(content: object): Promise<string> {
    const message = { messaging_product: "whatsapp", to: customer, ...content };
    const { stdout } = await promisify(execFile)("curl", [
      "--silent",
      `${sandbox.graphUrl}/v25.0/${number}/messages`,
      "--header",
      "Authorization: Bearer any-token",
      "--json",
      JSON.stringify(message),
    ]);
    const answer = JSON.parse(stdout) as { messages?: [{ id: string }]; error?: { code: number } };
    return answer.messages?.[0].id ?? `error ${answer.error?.code}`;
  }

  return { ...watched, sandbox, curl };
}

const bubble = (page: Page, text: string) =>
  page.locator(".message", { has: page.locator(".bubble-body", { hasText: text }) });

/** Opens what can be done with a message. */
async function openMenu(page: Page, text: string): Promise<void> {
  await bubble(page, text).hover();
  await bubble(page, text).getByRole("button", { name: "What to do with" }).click();
}

async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: place }).click();
  await page.getByRole("heading", { level: 1, name: place }).waitFor();
}

it("shows a message that curl sent, and moves its ticks without a reload", async () => {
  const { page, curl, sandbox, expectQuiet } = await open(chat);
  await page.evaluate("window.isSamePage = true");
  const id = await curl({ text: { body: "Your order is ready." } });
  await bubble(page, "Your order is ready.").waitFor();

  const tick = bubble(page, "Your order is ready.").locator(".tick");
  for (const status of ["delivered", "read"]) {
    await openMenu(page, "Your order is ready.");
    await page.getByRole("button", { name: status, exact: true }).click();
    await expect.poll(() => tick.getAttribute("data-status")).toBe(status);
  }
  await sandbox.settle(id, "failed", { errorCode: 131026 });
  await bubble(page, "131026: Message undeliverable").waitFor();
  expect(await page.evaluate("window.isSamePage")).toBe(true);
  expectQuiet();
});

it("is the customer: a reply that makes a signed webhook, a reaction, a file, a place, no marketing", async () => {
  const { url, received } = await openWebhookEndpoint(endpoint);
  const { page, curl, sandbox, expectQuiet } = await open("/?view=webhooks");
  await page.getByLabel("URL").fill(url);
  await page.getByLabel("App secret").fill(endpoint.appSecret);
  await page.getByLabel("Verify token").fill(endpoint.verifyToken);
  await page.getByRole("button", { name: "Set" }).click();
  await page.getByText(`They go to ${url}`).waitFor();

  const asked = await curl({ text: { body: "Pick up or courier?" } });
  await page.goto(sandbox.graphUrl + chat);
  await openMenu(page, "Pick up or courier?");
  await page.getByRole("button", { name: "Reply" }).click();
  await page.getByRole("textbox", { name: "Write as" }).fill("Courier,\nplease");
  await page.keyboard.press("Enter");
  await bubble(page, "Courier").locator(".quoted", { hasText: "Pick up or courier?" }).waitFor();
  await expect.poll(() => received.length).toBe(1);
  expect(received[0]).toMatchObject({ isSigned: true });
  expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({
    entry: [{ changes: [{ value: { messages: [{ context: { id: asked }, text: { body: "Courier,\nplease" } }] } }] }],
  });
  expect(await page.getByRole("textbox", { name: "Write as" }).inputValue()).toBe("");

  await openMenu(page, "Pick up or courier?");
  await page.getByRole("button", { name: "React with 👍" }).click();
  await bubble(page, "Pick up or courier?").locator(".reactions", { hasText: "👍" }).waitFor();

  await page.getByRole("button", { name: "Send something else" }).click();
  await page.getByLabel("Caption").fill("My gate");
  await page.locator('[name="file"]').setInputFiles({ name: "gate.png", mimeType: "image/png", buffer: pixel });
  await page.getByRole("button", { name: "Send the file" }).click();
  const picture = bubble(page, "My gate").locator("img");
  await expect.poll(() => picture.evaluate((image: any) => image.naturalWidth)).toBe(1);

  await page.getByRole("button", { name: "Send something else" }).click();
  await page.getByRole("button", { name: "Send the place" }).click();
  await bubble(page, "Monas").waitFor();
  await page.getByRole("button", { name: "Stop marketing" }).click();
  await page.getByText("No marketing").waitFor();
  expect(received.every(({ isSigned }) => isSigned)).toBe(true);
  expectQuiet();
});

/** The smallest PNG. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

it("presses a button of an interactive message, and chooses from a list", async () => {
  const { page, curl, sandbox, expectQuiet } = await open(chat);
  const buttons = [{ type: "reply", reply: { id: "pickup", title: "Pick up" } }];
  await curl({ type: "interactive", interactive: { type: "button", body: { text: "How?" }, action: { buttons } } });
  await page.getByRole("button", { name: "Pick up", exact: true }).click();
  const taken = async () => (await sandbox.messages({ direction: "in", to: customer })).at(-1)?.content;
  await expect.poll(taken).toMatchObject({ interactive: { button_reply: { id: "pickup" } } });

  const sections = [{ title: "Today", rows: [{ id: "t14", title: "14:00", description: "Two left" }] }];
  const action = { button: "See times", sections };
  await curl({ type: "interactive", interactive: { type: "list", body: { text: "When?" }, action } });
  await page.getByText("See times", { exact: true }).click();
  await bubble(page, "When?")
    .getByRole("button", { name: /^14:00/ })
    .click();
  await expect.poll(taken).toMatchObject({ interactive: { list_reply: { id: "t14" } } });
  expectQuiet();
});

it("rejects a template, and shows its webhook with its bytes; an endpoint that does not consent is refused", async () => {
  const { url, received } = await openWebhookEndpoint(endpoint);
  const { page, sandbox, expectQuiet } = await open("/?view=templates", {
    templates: [{ name: "order_ready", language: "en_US" }],
    webhooks: { url, appSecret: endpoint.appSecret },
  });
  await page.getByRole("button", { name: "Reject order_ready" }).click();
  await page.getByLabel("Why").selectOption("PROMOTIONAL");
  await page.getByRole("button", { name: "Reject it" }).click();
  await page.getByRole("cell", { name: "rejected", exact: true }).waitFor();
  await expect.poll(() => received.length).toBe(1);

  await goTo(page, "Webhooks");
  await page.getByText("message_template_status_update · REJECTED").click();
  await page.getByText(/^As they are: \d+ bytes$/).click();
  expect(await page.getByLabel("Bytes of the webhook", { exact: true }).textContent()).toBe(received[0]?.body);
  const [record] = sandbox.webhooks.sent;
  await page.getByText(record?.headers["x-hub-signature-256"] ?? "none").waitFor();
  await page.getByRole("button", { name: "Send it again" }).click();
  await expect.poll(() => received.length).toBe(2);
  expect(received[1]?.body).toBe(received[0]?.body);
  expectQuiet();

  await page.getByLabel("App secret").fill("x");
  await page.getByLabel("Verify token").fill("wrong");
  await page.getByRole("button", { name: "Set" }).click();
  await page.getByText("couldn't be validated").waitFor();
});

it("arms a fault that hits the next send, and counts it", async () => {
  const { page, curl, expectQuiet } = await open("/?view=faults");
  await page.getByLabel("How many").fill("2");
  await page.locator('[name="graphError"]').selectOption("131056");
  await page.getByRole("button", { name: "Arm", exact: true }).click();
  await page.getByText("0 hits").waitFor();
  expect(await curl({ text: { body: "One" } })).toBe("error 131056");
  await page.getByText("1 hit", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Disarm" }).click();
  await page.getByText("No fault is armed").waitFor();
  expect(await curl({ text: { body: "Two" } })).toMatch(/^wamid\./);
  await goTo(page, "Requests");
  await page.getByText("fault-1").waitFor();
  expectQuiet();
});

it("keeps what is typed, what is open and where the reader is, while messages come", async () => {
  const { page, curl, expectQuiet } = await open(chat);
  for (let count = 0; count < 30; count += 1) await curl({ text: { body: `Line ${count}` } });
  await bubble(page, "Line 29").waitFor();
  const scroller = page.getByRole("log", { name: "Messages" });
  const fromEnd = () =>
    scroller.evaluate((element: any) => element.scrollHeight - element.scrollTop - element.clientHeight);
  await expect.poll(fromEnd).toBeLessThan(2);

  const text = page.getByRole("textbox", { name: "Write as" });
  await text.fill("Half a");
  await curl({ text: { body: "One more" } });
  await bubble(page, "One more").waitFor();
  expect(await text.inputValue()).toBe("Half a");
  expect(await text.evaluate((element: any) => element === element.ownerDocument.activeElement)).toBe(true);
  await expect.poll(fromEnd).toBeLessThan(2);

  await scroller.evaluate((element: any) => element.scrollTo(0, 0));
  await expect.poll(() => scroller.evaluate((element: any) => element.scrollTop)).toBe(0);
  await curl({ text: { body: "The last" } });
  await bubble(page, "The last").waitFor({ state: "attached" });
  expect(await scroller.evaluate((element: any) => element.scrollTop)).toBe(0);
  expectQuiet();
});

it.each(["light", "dark", "phone"] as const)(
  "nothing serious for axe-core, nothing sideways, no complaint: %s",
  async (look) => {
    const { sandbox, curl } = await open(chat, {
      templates: [{ name: "order_ready", language: "en_US", body: 1 }],
      webhooks: { statuses: [], url: "http://127.0.0.1:9/", appSecret: endpoint.appSecret },
    });
    const { page, expectQuiet } = await watchPage(await startChromium(), sandbox.graphUrl, looks[look]);
    await sandbox
      .customer(customer, { profileName: "Budi Santoso" })
      .says("Hi, one line of the list is too short for this");
    await curl({
      text: { body: "Hello! https://example.com/a-long-path-that-does-not-break-by-itself-anywhere-at-all" },
    });
    await sandbox.settle(await curl({ text: { body: "Failed" } }), "failed", { errorCode: 131026 });
    await sandbox.customer("628129999999").says("What comes last, and is too long for one line of the list of chats");
    const buttons = [{ type: "reply", reply: { id: "yes", title: "Yes" } }];
    await curl({ type: "interactive", interactive: { type: "button", body: { text: "Sure?" }, action: { buttons } } });
    sandbox.faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 131056 } });
    await fetch(`${sandbox.graphUrl}/__emulator/limits`, {
      method: "PUT",
      body: '{"throughputPerSecond":80,"pair":true}',
    });
    const views = ["templates", "faults", "limits", "webhooks", "requests", "sandbox"].map((view) => `/?view=${view}`);
    for (const path of ["/", chat, ...views]) {
      await page.goto(sandbox.graphUrl + path);
      await page.getByText("Live", { exact: true }).waitFor();
      expect(await seriousProblems(page), path).toEqual([]);
      expect(await sideways(page), path).toBeLessThanOrEqual(0);
      expect(await cutParts(page), path).toEqual([]);
    }
    await page.goto(sandbox.graphUrl + chat);
    await page.getByRole("button", { name: "Send something else" }).click();
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expectQuiet();
  },
);

it("can be used by keyboard alone: from the top to a message that is sent", async () => {
  const { page, sandbox, expectQuiet } = await open("/");
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toMatch(/Skip to the content/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "A new customer writes" }).waitFor();
  await page.getByLabel("Name").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Write as Budi Santoso" }).focus();
  await page.keyboard.type("Second line");
  await page.keyboard.press("Enter");
  await bubble(page, "Second line").waitFor();
  expect(await sandbox.messages({ direction: "in", to: customer })).toHaveLength(2);
  expectQuiet();
});

it("runs nothing of what people write: names, texts, files and templates with markup", async () => {
  const bad = `"'><img src=x onerror=alert(1)><script>alert(2)</script>`;
  const { page, curl, sandbox, expectQuiet } = await open(chat, { templates: [{ name: bad, language: "en_US" }] });
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  const budi = sandbox.customer(customer, { profileName: bad });
  await budi.says(bad);
  await budi.sends({
    document: { filename: bad, caption: bad, mimeType: "text/html", data: btoa("<script>alert(3)</script>") },
  });
  await curl({ text: { body: bad } });
  await bubble(page, bad).first().waitFor();
  for (const view of ["templates", "webhooks", "requests"]) {
    await page.goto(`${sandbox.graphUrl}/?view=${view}`);
    await page.getByText("Live", { exact: true }).waitFor();
    for (const one of await page.locator(".log summary").all()) await one.click();
  }
  expectQuiet();
  // A file that somebody opens by its address is a page without rights.
  await page.goto(sandbox.graphUrl + chat);
  const [file] = await page.locator(".card a").all();
  await page.goto(sandbox.graphUrl + (await file?.getAttribute("href")));
  expect(dialogs).toEqual([]);
  expect(await page.evaluate("document.querySelectorAll('script').length")).toBe(1);
});
