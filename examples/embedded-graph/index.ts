// The library with its real clients, as another service would embed it; WhatsApp and both services are emulated.
import { createMessageSender, createPacer, statusOf, text } from "@message-sender/core";
import { createInMemoryStore } from "@message-sender/core/in-memory";
import { createSystemClock, createSystemIds } from "@message-sender/core/node";
import { startSandbox } from "@message-sender/emulator";
import {
  createConversationServiceHistory,
  createGraphTransport,
  createServiceClient,
  createTenantServiceCredentials,
  createTenantServiceQuota,
} from "@message-sender/http-adapter/outbound";

const sandbox = await startSandbox();
const clock = createSystemClock();
const transport = createGraphTransport({ url: sandbox.graphUrl });
const tenantService = createServiceClient({ url: sandbox.tenantUrl });
const conversationService = createServiceClient({ url: sandbox.conversationUrl });

const sender = createMessageSender({
  ...createInMemoryStore({ clock }),
  credentials: createTenantServiceCredentials(tenantService),
  quota: createTenantServiceQuota(tenantService, { clock }),
  transport,
  history: createConversationServiceHistory(conversationService),
  pacer: createPacer({ clock, permits: 256 }),
  clock,
  ids: createSystemIds(),
});
sender.start();

const sent = await sender.send({
  tenantId: "acme",
  outletId: "jakarta-1",
  conversationId: "budi",
  to: "+628123456789",
  content: text("Hello! Your order is ready."),
  idempotency: { key: "order-17-ready" },
});
await sender.close();
await Promise.all([transport.close(), tenantService.close(), conversationService.close()]);

if (sent.isErr()) throw new Error(`not sent: ${sent.error.kind}`);
console.log(`${sent.value.message.id} is ${statusOf(sent.value.message)}`);
const told = sandbox.conversation.conversation("budi").map(({ message }) => message);
console.log("the conversation now reads:", told);
await sandbox.close();
if (told.length !== 1) throw new Error("the Conversation Service should have one message");
