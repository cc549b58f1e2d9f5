import { expect, test, vi } from "vitest";

import { createEvents } from "./events.ts";
import { waitFor } from "./wait.ts";

const isMessage = ({ type }: { type: string }) => type === "message";

test("what is there already is found at once", async () => {
  const wait = waitFor({ events: createEvents(), find: () => 1, changedBy: isMessage, timeoutMs: 1 });
  expect(await wait).toBe(1);
});

test("looks again after the events that concern it, and at no other time", async () => {
  const events = createEvents();
  let there = false;
  const find = vi.fn(() => (there ? "it" : undefined));
  const wait = waitFor({ events, find, changedBy: isMessage, timeoutMs: 60_000 });
  events.emit("webhook", () => ({}));
  expect(find).toHaveBeenCalledTimes(1);
  events.emit("message", () => ({}));
  there = true;
  events.emit("message", () => ({}));
  expect(await wait).toBe("it");
  events.emit("message", () => ({}));
  expect(find).toHaveBeenCalledTimes(3);
});

test("gives up after the time, when it is aborted, and at once without any time", async () => {
  const events = createEvents();
  const abort = new AbortController();
  const lookFor = (timeoutMs: number, signal?: AbortSignal) =>
    waitFor({ events, find: () => undefined, changedBy: isMessage, timeoutMs, signal });
  expect(await lookFor(1)).toBeUndefined();
  expect(await lookFor(0)).toBeUndefined();
  const wait = lookFor(60_000, abort.signal);
  abort.abort();
  expect(await wait).toBeUndefined();
});

test("an event that nobody listens to is not made", () => {
  const make = vi.fn(() => ({}));
  createEvents().emit("reset", make);
  expect(make).not.toHaveBeenCalled();
});
