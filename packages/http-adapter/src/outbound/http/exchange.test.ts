import type { Dispatcher } from "undici";
import { expect, test } from "vitest";

import { generousMs } from "../../../test/manual-limit.ts";
import { createConnections } from "./connections.ts";
import { Exchange } from "./exchange.ts";
import { encodeHead, type RequestHead } from "./request-head.ts";

const controller = { abort: () => {} } as unknown as Dispatcher.DispatchController;

/** An exchange with a dispatcher that does nothing, and its handler. */
function exchangeOf() {
  const handlers: Dispatcher.DispatchHandler[] = [];
  const dispatch = (_: unknown, handler: Dispatcher.DispatchHandler) => handlers.push(handler) > 0;
  const head = encodeHead({ method: "POST", path: "/x", headers: {} }) as RequestHead;
  const exchange = new Exchange(
    { head, body: "hello", timeoutMs: generousMs, read: (ended) => ended },
    { dispatcher: { dispatch } as Dispatcher, connections: createConnections(1), prefix: "", maxResponseBytes: 1 },
  );
  return { exchange, handler: handlers[0] as Required<Dispatcher.DispatchHandler> };
}

test("a request that undici begins again is not sent a second time, and counts as dispatched", async () => {
  const { exchange, handler } = exchangeOf();
  handler.onRequestStart(controller, undefined);
  let refusal: Error | undefined;
  try {
    handler.onRequestStart(controller, undefined);
  } catch (error) {
    refusal = error as Error;
  }
  expect(refusal?.message).toBe("begun before");
  // undici tells the handler of what it threw.
  handler.onResponseError(controller, refusal as Error);
  expect((await exchange.result)._unsafeUnwrapErr()).toMatchObject({
    dispatched: true,
    final: false,
    reason: "connection closed",
  });
});
