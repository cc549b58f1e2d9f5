import axeCore from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";

/** Light and dark on a desktop, and a small phone. */
export const looks: Readonly<Record<"light" | "dark" | "phone", BrowserContextOptions>> = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: "light", viewport: { width: 360, height: 740 }, hasTouch: true },
};

export interface WatchedPage {
  readonly page: Page;
  /** Fails where the page asked another host for something, or complained: errors of scripts, of its policy, of loading. */
  expectQuiet(): void;
}

/** A page of which every request and every complaint is noted. `url`: what it may ask. */
export async function watchPage(
  browser: Browser,
  url: string,
  look: BrowserContextOptions = looks.light,
): Promise<WatchedPage> {
  const context = await browser.newContext(look);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    const address = new URL(request.url());
    if (address.origin !== url && address.protocol !== "data:" && address.protocol !== "blob:")
      elsewhere.push(address.href);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return {
    page,
    expectQuiet() {
      expect(elsewhere).toEqual([]);
      expect(complaints).toEqual([]);
    },
  };
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core calls serious or critical, with the element. */
export async function seriousProblems(page: Page): Promise<readonly string[]> {
  // `evaluate` runs what a policy forbids the page to add.
  await page.evaluate(axeCore.source);
  const violations = (await page.evaluate(`axe.run().then(({ violations }) => violations)`)) as readonly Violation[];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** How far the page is wider than its window. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - window.innerWidth") as Promise<number>;
}

/**
 * Parts of the page that a reader does not see whole: what scrolls sideways within itself, and text that is cut without an
 * ellipsis, which a flex container does not draw. Text of machines may scroll, and a time line, which is drawn to scale.
 */
export function cutParts(page: Page): Promise<readonly string[]> {
  return page.evaluate(`
    [...document.querySelectorAll("main *:not(pre, thead, .hidden, .timeline-frame, input, textarea, select)")].flatMap((element) => {
      const { overflowX, textOverflow, display } = getComputedStyle(element);
      if (overflowX === "visible" || element.scrollWidth <= element.clientWidth + 1) return [];
      if (textOverflow === "ellipsis" && !/flex|grid/.test(display)) return [];
      return [element.cloneNode(false).outerHTML + " " + element.scrollWidth + " > " + element.clientWidth];
    })`) as Promise<readonly string[]>;
}
