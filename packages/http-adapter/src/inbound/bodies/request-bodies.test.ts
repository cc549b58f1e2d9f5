import { Hono } from "hono";
import { describe, expect, it, vi } from "vitest";

import type { ArrivingBodiesOptions } from "./arriving-bodies.ts";
import { createRequestBodies } from "./request-bodies.ts";
import type { RequestContext } from "../requests/request-context.ts";

const largest = 1000;

/** An app that answers with the size of a body, or with what is wrong with it. */
function setup(options: ArrivingBodiesOptions = {}) {
  const bodies = createRequestBodies(options);
  const app = new Hono<RequestContext>();
  app.post("/", (c) =>
    bodies.read(c, largest).match(
      ({ length }) => c.text(String(length)),
      ({ status }) => c.text("", status as 408),
    ),
  );
  return async (body: string | ReadableStream, headers: Record<string, string> = {}) => {
    const answer = await app.request("/", { method: "POST", body, headers, duplex: "half" } as RequestInit);
    return answer.status === 200 ? Number(await answer.text()) : -answer.status;
  };
}

/** A body that comes when it is told to. */
function slowly() {
  let controller: ReadableStreamDefaultController | undefined;
  let isCanceled = false;
  const stream = new ReadableStream({
    start: (given) => void (controller = given),
    cancel: () => void (isCanceled = true),
  });
  return {
    stream,
    isCanceled: () => isCanceled,
    give: async (size: number) => {
      controller?.enqueue(new Uint8Array(size));
      for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    },
    end: () => controller?.close(),
  };
}

describe("a body", () => {
  it("is read up to its size limit", async () => {
    const post = setup();
    expect(await post("")).toBe(0);
    expect(await post("x".repeat(1000))).toBe(1000);
    expect(await post("x".repeat(1001))).toBe(-413);
    expect(await post("x", { "content-length": "1001" })).toBe(-413);
  });

  it("that is too large is no longer read", async () => {
    const post = setup();
    const { stream, give, isCanceled } = slowly();
    const posting = post(stream);
    await give(600);
    await give(600);
    expect(await posting).toBe(-413);
    expect(isCanceled()).toBe(true);
  });

  it("that does not arrive in time fails, and is no longer read", async () => {
    const post = setup({ timeLimitMs: 50 });
    const { stream, give, isCanceled } = slowly();
    const posting = post(stream);
    await give(1);
    expect(await posting).toBe(-408);
    expect(isCanceled()).toBe(true);
  });
});

describe("when bodies are too large in total", () => {
  it("the oldest fail with 503, and the others are read", async () => {
    const post = setup({ mostBytes: 1000 });
    const bodies = [slowly(), slowly(), slowly()] as const;
    const posting = bodies.map(({ stream }) => post(stream));
    for (const { give } of bodies) await give(400);
    expect(await posting[0]).toBe(-503);
    expect(bodies.map(({ isCanceled }) => isCanceled())).toEqual([true, false, false]);
    expect(await post("x".repeat(500))).toBe(500);
    expect(await posting[1]).toBe(-503);
    bodies[2].end();
    expect(await posting[2]).toBe(400);
  });

  it("only bodies that are still arriving count", async () => {
    const post = setup({ mostBytes: 1000 });
    const broken = () =>
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(600));
          controller.error(new Error("gone"));
        },
      });
    for (let round = 0; round < 10; round += 1) {
      expect(await post("x".repeat(900))).toBe(900);
      expect(await post("x".repeat(1001))).toBe(-413);
      expect(await post(broken())).toBe(-408);
    }
    const { stream, give, end } = slowly();
    const posting = post(stream);
    await give(900);
    end();
    expect(await posting).toBe(900);
  });
});

it("leaves no timer behind when no body arrives", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const post = setup();
    expect(await post("x")).toBe(1);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
    expect(await post("x")).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
