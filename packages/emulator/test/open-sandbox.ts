import { onTestFinished } from "vitest";

import type { SandboxOptions } from "../src/sandbox/sandbox-options.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/sandbox.ts";

/** Starts a sandbox that is closed when the test ends. */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** Sends a text through the socket, changed by `change`. */
export function sendText(sandbox: Sandbox, change: object = {}, phoneNumberId = "123"): Promise<Response> {
  return fetch(`${sandbox.graphUrl}/v25.0/${phoneNumberId}/messages`, {
    method: "POST",
    headers: { authorization: "Bearer EAAtoken", "content-type": "application/json" },
    body: JSON.stringify({ messaging_product: "whatsapp", to: "+628123456", text: { body: "Hello!" }, ...change }),
  });
}

/** Sends a text that must be accepted, and returns its wamid. */
export async function sendAccepted(sandbox: Sandbox, change?: object, phoneNumberId?: string): Promise<string> {
  const response = await sendText(sandbox, change, phoneNumberId);
  const { messages } = (await response.json()) as { messages: [{ id: string }] };
  return messages[0].id;
}
