import type { MessageSender } from "@message-sender/core";
import { createHttpApp } from "@message-sender/http-adapter/inbound";
import { errAsync } from "neverthrow";

import type { Operation, SenderError } from "./error-kinds.ts";

const order = {
  tenant_id: "acme",
  outlet_id: "jakarta-1",
  conversation_id: "budi",
  to: "+628123456789",
  message: "Hello!",
  message_type: "text",
};

/** The route of each operation that the HTTP API has, with a request that reaches the sender. */
const requests: Partial<Record<Operation, () => Request>> = {
  send: () => post("/api/v1/messages/send", order),
  enqueue: () => post("/api/v1/messages/send", order, { prefer: "respond-async" }),
  markRead: () =>
    post("/api/v1/messages/read", { tenant_id: "acme", outlet_id: "jakarta-1", whatsapp_message_id: "wamid.HBgL" }),
  uploadMedia: upload,
  find: () => new Request("http://localhost/api/v1/messages/message-1"),
  list: () => new Request("http://localhost/api/v1/messages"),
  resolve: () => post("/api/v1/messages/message-1/resolve", { action: "resend" }),
  cancel: () => new Request("http://localhost/api/v1/messages/message-1/cancel", { method: "POST" }),
  cancelMany: () => post("/api/v1/messages/cancel", { tenant_id: "acme" }),
  resolveMany: () => post("/api/v1/messages/resolve", { action: "resend", tenant_id: "acme" }),
  usage: () => new Request("http://localhost/api/v1/usage"),
  webhooks: () => new Request("http://localhost/api/v1/webhooks"),
  forwardWebhooks: () => new Request("http://localhost/api/v1/webhooks/forward", { method: "POST" }),
  discardCallbacks: () => new Request("http://localhost/api/v1/admin/callbacks/discard", { method: "POST" }),
  replayCallbacks: () => new Request("http://localhost/api/v1/admin/callbacks/replay", { method: "POST" }),
  erase: () =>
    new Request("http://localhost/api/v1/admin/erase", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ to: "+628123456789" }),
    }),
  replayHistory: () => new Request("http://localhost/api/v1/admin/history/replay", { method: "POST" }),
  replayHistoryOf: () =>
    new Request("http://localhost/api/v1/admin/history/replay?message_id=018f", { method: "POST" }),
  check: () => new Request("http://localhost/readyz"),
};

/** Whether the HTTP API has the operation. */
export function hasRoute(operation: Operation): boolean {
  return requests[operation] !== undefined;
}

/** The HTTP status and the problem type that an operation's error becomes; undefined where HTTP does not have the operation. */
export async function httpAnswer(operation: Operation, error: SenderError): Promise<string | undefined> {
  const request = requests[operation]?.();
  if (!request) return undefined;
  const fails = () => errAsync(error);
  const sender = { [operation]: fails } as unknown as MessageSender;
  const response = await createHttpApp({ sender, access: "open" }).request(request);
  const body = (await response.json()) as { type?: string };
  const type = body.type?.startsWith("/problems/") ? ` \`${body.type.slice("/problems/".length)}\`` : "";
  return `${response.status}${type}`;
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Request {
  return new Request(`http://localhost${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

function upload(): Request {
  const part = (head: string, body: string) => `--form\r\ncontent-disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
  const fields = part('name="tenant_id"', "acme") + part('name="outlet_id"', "jakarta-1");
  const file = part('name="file"; filename="a.png"\r\ncontent-type: image/png', "PNG");
  return new Request("http://localhost/api/v1/media", {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=form" },
    body: `${fields}${file}--form--\r\n`,
  });
}
