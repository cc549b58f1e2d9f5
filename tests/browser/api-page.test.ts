import type { Page } from "playwright-core";
import { expect, it } from "vitest";

import { startService } from "../support/running-service.ts";
import { startChromium } from "./chromium.ts";

/** Opens the page of an API, and notes what it requests and complains about. */
async function open(url: string): Promise<{ page: Page; requested: string[]; complaints: string[] }> {
  const browser = await startChromium();
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`${url}/docs`);
  await page.getByRole("heading", { name: "Send a message" }).first().waitFor();
  return { page, requested, complaints };
}

it("shows the operation that sends, and requests nothing from another host", async () => {
  const { url } = await startService();
  const { page, requested, complaints } = await open(url);
  await page.getByText("/api/v1/messages/send").first().waitFor();
  await page.getByText("on_ambiguous").first().waitFor();
  await page.mouse.wheel(0, 20_000);
  await page.waitForLoadState("networkidle");
  const own = (address: string) => new URL(address).origin === url || address.startsWith("data:");
  expect(requested.filter((address) => !own(address))).toEqual([]);
  expect(complaints).toEqual([]);
});

it("makes requests from the page", async () => {
  const { url, sandbox } = await startService();
  const { page } = await open(url);
  await page
    .getByRole("button", { name: /test request.*send/i })
    .first()
    .click();
  await page.getByRole("button", { name: /^send/i }).last().click();
  await page.getByText("200 OK").first().waitFor();
  expect(sandbox.graph.requests).toMatchObject([
    { body: { to: "+628123456789", text: { body: "Hello! Your order is ready." } } },
  ]);
});
