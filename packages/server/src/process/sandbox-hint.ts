import { sandboxIds } from "../sandbox.ts";
import type { SandboxHandle } from "../sandbox-handle.ts";

/** What to try with a server in a sandbox, as commands to paste. */
export function sandboxHint(
  sandbox: SandboxHandle,
  { url, hasKeys }: { readonly url: string; readonly hasKeys: boolean },
): string {
  const key = hasKeys ? ` -H "authorization: Bearer $MESSAGE_SENDER_API_KEY"` : "";
  const body = JSON.stringify({
    tenant_id: sandboxIds.tenant,
    outlet_id: sandboxIds.outlet,
    conversation_id: sandboxIds.conversation,
    to: "+628123456789",
    message: "Hello! Your order is ready.",
    message_type: "text",
  });
  return [
    "",
    "Nothing leaves this machine: WhatsApp, the Tenant Service and the Conversation Service are emulated.",
    `Watch the chats, and answer as a customer: ${sandbox.graphUrl}/`,
    `Watch the service, and send messages that fail in each way: ${url}/console`,
    "",
    "Send a message:",
    `  curl -s ${url}/api/v1/messages/send${key} -H 'content-type: application/json' -d '${body}'`,
    "Make WhatsApp fail twice, then send again:",
    `  curl -s ${sandbox.graphUrl}/__emulator/faults -H 'content-type: application/json' -d '{"target":"graph","trigger":{"next":2},"effect":{"status":503}}'`,
    "See what WhatsApp and the Conversation Service received:",
    `  curl -s ${sandbox.graphUrl}/__emulator/requests`,
    `  curl -s ${sandbox.conversationUrl}/api/v1/conversations/${sandboxIds.conversation}/messages`,
    "See the status callbacks that a platform receives:",
    `  curl -s ${sandbox.graphUrl}/__emulator/callbacks`,
    "",
    "",
  ].join("\n");
}
