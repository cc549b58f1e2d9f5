/**
 * Matchers for Vitest. Importing this entry, in a test or in a file of `setupFiles`, adds them to `expect`.
 *
 * @module @message-sender/emulator/vitest
 */
import { expect } from "vitest";

import { describeMatch, describeMessages, describeWebhooks } from "./client/describe.ts";
import { WaitTimeout } from "./client/wait-timeout.ts";
import type { SentMatch, TestClient, WaitOptions, WebhookMatch } from "./client/test-client.ts";

/** Matchers for sandboxes, which must be awaited. With `.not`, they look once, unless `timeoutMs` gives them longer. */
export interface SandboxMatchers {
  /** The business has sent such a message, or sends it within the time. */
  toHaveSentMessage(match?: SentMatch, options?: WaitOptions): Promise<void>;
  /** Such a webhook was sent, or is within the time. */
  toHaveSentWebhook(match?: WebhookMatch, options?: WaitOptions): Promise<void>;
}

declare module "vitest" {
  // It must have the parameters of the one that it extends.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends SandboxMatchers {}
}

interface State {
  readonly isNot: boolean;
}

expect.extend({
  async toHaveSentMessage(this: State, sandbox: TestClient, match: SentMatch = {}, options: WaitOptions = {}) {
    const wait = { ...waitOf(this, options), consume: false };
    const result = await resultOf(sandbox.waitForMessage(match, wait));
    if (typeof result === "string") return { pass: false, message: () => result };
    return { pass: true, message: () => `Unexpected message${describeMatch(match)}. ${describeMessages([result])}` };
  },
  async toHaveSentWebhook(this: State, sandbox: TestClient, match: WebhookMatch = {}, options: WaitOptions = {}) {
    const result = await resultOf(sandbox.waitForWebhook(match, waitOf(this, options)));
    if (typeof result === "string") return { pass: false, message: () => result };
    return { pass: true, message: () => `Unexpected webhook${describeMatch(match)}. ${describeWebhooks([result])}` };
  },
});

function waitOf({ isNot }: State, options: WaitOptions): WaitOptions {
  return isNot ? { timeoutMs: 0, ...options } : options;
}

/** What was found, or in words why nothing was. */
function resultOf<T>(wait: Promise<T>): Promise<T | string> {
  return wait.catch((error: unknown) => {
    if (error instanceof WaitTimeout) return error.message;
    throw error;
  });
}
