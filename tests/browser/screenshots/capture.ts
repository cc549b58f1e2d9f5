import { mkdir, writeFile } from "node:fs/promises";

import { chromium, type Page } from "playwright-core";

/** A desktop and a phone, light and dark. */
export const looks = {
  light: { colorScheme: "light", viewport: { width: 1200, height: 750 } },
  dark: { colorScheme: "dark", viewport: { width: 1200, height: 750 } },
  phone: { colorScheme: "light", viewport: { width: 390, height: 780 }, hasTouch: true },
  "phone-dark": { colorScheme: "dark", viewport: { width: 390, height: 780 }, hasTouch: true },
} as const;

export interface Shot {
  readonly name: string;
  readonly look: keyof typeof looks;
  readonly url: string;
  /** What is done on the page first. */
  prepare?(page: Page): Promise<void>;
}

/** Writes pictures of pages into a folder, each as small as it stays sharp. Emoji need a font: `apt-get install fonts-noto-color-emoji`. */
export async function capture(folder: URL, shots: readonly Shot[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    for (const { name, look, url, prepare } of shots) {
      const context = await browser.newContext(looks[look]);
      const page = await context.newPage();
      await page.goto(url);
      // A page that does not change is never live.
      await page.locator("[data-state=live], body:not([data-live])").waitFor();
      await prepare?.(page);
      await page.waitForLoadState("load");
      const session = await context.newCDPSession(page);
      const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 82 });
      await writeFile(new URL(`${name}-${look}.webp`, folder), Buffer.from(data, "base64"));
      await context.close();
    }
  } finally {
    await browser.close();
  }
}
