import { expect, it, onTestFinished } from "vitest";

import { Badge } from "../parts/badge.tsx";
import { liveAnswer } from "./live-answer.ts";

/** A page with two regions, of which one changes. */
function openPage({ gone = new AbortController() } = {}) {
  onTestFinished(() => gone.abort());
  const listeners = new Set<() => void>();
  const page = { word: "one", looks: 0 };
  const answer = liveAnswer({
    everyMs: 1,
    signal: gone.signal,
    regions() {
      page.looks += 1;
      if (page.word === "") throw new Error("nothing can be read now");
      return { status: Badge({ children: page.word }), still: Badge({ children: "still" }) };
    },
    subscribe(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
  });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => {
    const { value = "" } = await reader.read();
    return [...value.matchAll(/^data: (.*)$/gm)].map(
      ([, data = "{}"]) => JSON.parse(data) as { name: string; html: string },
    );
  };
  const change = (word: string) => {
    page.word = word;
    for (const changed of listeners) changed();
  };
  return { answer, reader, next, change, page, listeners, gone };
}

it("begins with all regions, then sends those that have changed", async () => {
  const { answer, next, change } = openPage();
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  expect((await next()).map(({ name }) => name)).toEqual(["status", "still"]);
  change("<two>");
  expect(await next()).toEqual([
    { name: "status", html: `<span class="badge neutral">&lt;two&gt;</span>`, version: expect.any(String) },
  ]);
});

it("shows a slow browser the newest state once", async () => {
  const { next, change, page } = openPage();
  await next();
  for (let count = 0; count < 1_000; count += 1) change(`step ${count}`);
  const seen: string[] = [];
  while (!seen.at(-1)?.includes("step 999")) seen.push(...(await next()).map(({ html }) => html));
  expect(seen.length).toBeLessThan(5);
  expect(page.looks).toBeLessThan(10);
});

it("sends nothing where a change changes nothing", async () => {
  const { next, change, page } = openPage();
  await next();
  change("one");
  await expect.poll(() => page.looks).toBe(2);
  change("two");
  expect((await next()).map(({ name }) => name)).toEqual(["status"]);
});

it("ends its subscription when the browser goes, in either way", async () => {
  const one = openPage();
  await one.next();
  one.gone.abort();
  expect(one.listeners.size).toBe(0);
  expect((await one.reader.read()).done).toBe(true);

  const other = openPage();
  await other.next();
  await other.reader.cancel();
  await expect.poll(() => other.listeners.size).toBe(0);
});

it("keeps no subscription for a browser that went before the stream began", async () => {
  const gone = new AbortController();
  gone.abort();
  const { listeners, reader } = openPage({ gone });
  expect((await reader.read()).done).toBe(true);
  expect(listeners.size).toBe(0);
});

it("keeps no subscription once the regions cannot be read", async () => {
  const { next, change, listeners, reader } = openPage();
  await next();
  change("");
  await expect(reader.read()).rejects.toThrow("nothing can be read now");
  expect(listeners.size).toBe(0);
});
