import { type Browser, chromium } from "playwright-core";
import { onTestFinished } from "vitest";

/** Debian's: `apt-get install chromium`. CHROMIUM names another one. */
const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** A browser that is gone when the test is. */
export async function startChromium(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  onTestFinished(() => browser.close());
  return browser;
}
