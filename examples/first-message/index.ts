import { text } from "@message-sender/core";
import { startSandbox } from "@message-sender/emulator";
import { createService } from "@message-sender/server";

const outlets = { "jakarta-1": { waba_access_token: "EAAGyour-token", phone_number_id: "106540352242922" } };
const { sender, close } = await createService({
  tenants: { acme: { quota: { limit: 1000, period: "month" }, outlets } },
  sandbox: await startSandbox(), // Without this line it sends through WhatsApp and stores in message-sender.db.
});

const customer = { tenantId: "acme", outletId: "jakarta-1", conversationId: "budi", to: "+628123456789" };
const sent = await sender.send({ ...customer, content: text("Hello! Your order is ready.") });
console.log(sent.isOk() ? "sent" : sent.error);
await close();
