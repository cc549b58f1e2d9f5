import { Badge } from "@message-sender/pages";
import { expect, it, onTestFinished, vi } from "vitest";

import { createLiveSource } from "./live-source.ts";

/** A page that counts how often it is looked at, and browsers that listen to it. */
function open() {
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  const source = createLiveSource(closing.signal);
  const page = { word: "one", looks: 0, isAdmitted: true };
  const listen = ({ key = "all", everyMs = 1, takesMs = 0 } = {}) => {
    const gone = new AbortController();
    onTestFinished(() => gone.abort());
    const answer = source.answer(
      {
        key,
        everyMs,
        async regions() {
          page.looks += 1;
          if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
          return { word: Badge({ children: `${key} ${page.word}` }) };
        },
      },
      { signal: gone.signal, isStillAdmitted: () => Promise.resolve(page.isAdmitted) },
    );
    const reader = answer!.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    let isOver = false;
    const read = async (): Promise<void> => {
      const { value = "", done } = await reader.read().catch(() => ({ value: "", done: true }));
      text += value;
      isOver = done;
      if (!done) await read();
    };
    read().catch(() => {});
    return { shown: () => text, isOver: () => isOver, leave: () => gone.abort() };
  };
  return { listen, page, closing };
}

const soon = { timeout: 30_000 };

/** Time passes only as far as the test advances it. */
function stopTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  onTestFinished(() => void vi.useRealTimers());
}

it("looks once for all who see the same, and tells each", async () => {
  const { listen, page } = open();
  const rarely = Array.from({ length: 10 }, () => listen({ key: "rare", everyMs: 3_600_000 }));
  for (const { shown } of rarely) await expect.poll(shown, soon).toContain("rare one");
  expect(page.looks).toBe(1);
  const all = Array.from({ length: 10 }, () => listen());
  for (const { shown } of all) await expect.poll(shown, soon).toContain("all one");
  page.word = "two";
  for (const { shown } of all) await expect.poll(shown, soon).toContain("all two");
});

it("keeps those apart who see something else", async () => {
  const { listen } = open();
  const [one, other] = [listen({ key: "a" }), listen({ key: "b" })];
  await expect.poll(one.shown, soon).toContain("a one");
  await expect.poll(other.shown, soon).toContain("b one");
  expect(one.shown()).not.toContain("b one");
});

it("rests ten times as long as a look takes", async () => {
  stopTime();
  const { listen, page } = open();
  const { shown } = listen({ key: "slow", takesMs: 20 });
  await vi.advanceTimersByTimeAsync(10 * 220);
  expect(page.looks).toBe(11);
  expect(shown()).toContain("slow one");
});

it("does not look once all have gone", async () => {
  stopTime();
  const { listen, page } = open();
  const all = [listen(), listen()];
  await vi.advanceTimersByTimeAsync(100);
  for (const { shown } of all) expect(shown()).toContain("all one");
  for (const { leave } of all) leave();
  const { looks } = page;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.looks).toBe(looks);
  const again = listen();
  await vi.advanceTimersByTimeAsync(100);
  expect(again.shown()).toContain("all one");
});

it("ends the stream of whoever may look no more, and all streams with the service", async () => {
  const { listen, page, closing } = open();
  const first = listen();
  await expect.poll(first.shown, soon).toContain("all one");
  page.isAdmitted = false;
  await expect.poll(first.isOver, soon).toBe(true);
  page.isAdmitted = true;
  const second = listen();
  await expect.poll(second.shown, soon).toContain("all one");
  closing.abort();
  await expect.poll(second.isOver, soon).toBe(true);
});
