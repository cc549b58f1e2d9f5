import type { Sandbox } from "../sandbox/sandbox.ts";

/** What a person reads first: where it listens, and a first message from either side. */
export function welcome({ graphUrl, tenantUrl, conversationUrl, callbacks }: Sandbox): string {
  return `WhatsApp is emulated at ${graphUrl}
Use this URL in place of https://graph.facebook.com. Any access token and phone number id will do.
Watch the chats, and answer as a customer: ${graphUrl}/

Send a message as the business:
  curl ${graphUrl}/v25.0/106540352242922/messages -H 'Authorization: Bearer any-token' -H 'Content-Type: application/json' \\
    -d '{"messaging_product": "whatsapp", "to": "628123456789", "type": "text", "text": {"body": "Hello!"}}'
Write as the customer:
  curl ${graphUrl}/__emulator/customers/628123456789/messages -d '{"text": "Hi"}'
Say where webhooks go:
  curl -X PUT ${graphUrl}/__emulator/webhooks -d '{"url": "http://127.0.0.1:3000/webhooks", "appSecret": "the-app-secret"}'

Control API: ${graphUrl}/__emulator (OpenAPI: ${graphUrl}/__emulator/openapi.json)
Also: a Tenant Service at ${tenantUrl}, a Conversation Service at ${conversationUrl}, a receiver of callbacks at ${callbacks.url}
`;
}
