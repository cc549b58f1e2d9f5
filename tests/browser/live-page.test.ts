import {
  Badge,
  liveAnswer,
  loadAssets,
  Masthead,
  Page,
  pageAnswer,
  Region,
  renderRegions,
  sharedFiles,
} from "@message-sender/pages";
import { serve } from "@hono/node-server";
import { expect, it, onTestFinished } from "vitest";

import { startChromium } from "./chromium.ts";
import { watchPage } from "./watched-page.ts";

const assets = await loadAssets("/assets", sharedFiles);

const isGone = (refusal: Response | undefined) => [401, 403, 404].includes(refusal?.status ?? 200);

/** A page with one word that changes, whose stream is answered by `refusal` while there is one. */
async function openLivePage() {
  const state = { word: "one", refusal: undefined as Response | undefined };
  const asked: number[] = [];
  const streams = new Set<AbortController>();
  const regions = () => ({ word: Badge({ children: state.word }) });

  function stream(request: Request): Response {
    asked.push(performance.now());
    if (state.refusal) return state.refusal.clone();
    const cut = new AbortController();
    streams.add(cut);
    return liveAnswer({ regions, subscribe: () => () => {}, signal: AbortSignal.any([cut.signal, request.signal]) });
  }

  async function page(): Promise<Response> {
    if (isGone(state.refusal)) return new Response("Sign in", { headers: { "content-type": "text/html" } });
    const { word } = await renderRegions(regions());
    const header = Masthead({ product: "Test", home: "/", places: [] });
    return pageAnswer(Page({ title: "Test", assets, live: "/live", header, children: Region({ of: word }) }));
  }

  const server = serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/live") return stream(request);
      return assets.answer(pathname) ?? page();
    },
  });
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    cut();
    server.close();
  });
  const cut = () => {
    for (const one of streams) one.abort();
    streams.clear();
  };
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const watched = await watchPage(await startChromium(), url);
  return { state, asked, url, cut, ...watched };
}

it.each([503, 429, 500])(
  "asks again once its stream was refused with %d, not before Retry-After, and says so meanwhile",
  async (status) => {
    const { state, asked, url, page } = await openLivePage();
    state.refusal = new Response("Too many pages are open.", { status, headers: { "retry-after": "2" } });
    await page.goto(url);
    await page.getByText("Not live", { exact: true }).waitFor();
    await expect.poll(() => asked.length).toBeGreaterThan(1);
    const [first = 0, second = 0] = asked;
    expect(second - first).toBeGreaterThanOrEqual(2000);
    Object.assign(state, { word: "two", refusal: undefined });
    await page.getByText("two").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
  },
);

it("asks later each time while it is refused, and about a second after its stream ended", async () => {
  const { state, asked, url, page, cut } = await openLivePage();
  await page.goto(url);
  await page.getByText("Live", { exact: true }).waitFor();
  state.word = "two";
  cut();
  await page.getByText("two").waitFor();
  state.refusal = new Response(null, { status: 503 });
  asked.length = 0;
  cut();
  await expect.poll(() => asked.length).toBeGreaterThan(3);
  const [first = 0, second = 0, third = 0, fourth = 0] = asked;
  expect(fourth - third).toBeGreaterThan(second - first + 1000);
});

it.each([401, 403, 404])(
  "is asked for again as a whole once its reader may not see it any more: %d",
  async (status) => {
    const { state, url, page, cut } = await openLivePage();
    await page.goto(url);
    await page.getByText("Live", { exact: true }).waitFor();
    state.refusal = new Response(null, { status });
    cut();
    await page.getByText("Sign in").waitFor();
    expect(await page.content()).not.toContain("one");
  },
);
