import { type CoverageEntry, entry } from "./coverage-entry.ts";

const batch = "POST /api/v1/conversations/messages/batch";
const single = "POST /api/v1/conversations/:conversationId/messages";
const quota = "/api/v1/tenants/:tenantId/quota";

/** The Tenant Service and the Conversation Service. */
export const serviceCoverage: readonly CoverageEntry[] = [
  entry(
    "tenant",
    "credentials",
    "GET /api/v1/tenants/:tenantId/outlets/:outletId/waba",
    "supported",
    ["tenant-service/tenant-service.test.ts"],
    "",
  ),
  entry("tenant", "quota", `GET ${quota}`, "supported", ["tenant-service/tenant-service.test.ts"], ""),
  entry("tenant", "reserve quota", `POST ${quota}/reservations`, "supported", ["tenant-service/tenant-service.test.ts"], ""),
  entry(
    "tenant",
    "settle quota",
    `POST ${quota}/reservations/:reservationId/settle`,
    "supported",
    ["tenant-service/tenant-service.test.ts"],
    "",
  ),
  entry("conversation", "store a message", single, "supported", ["conversation-service/conversation-service.test.ts"], ""),
  entry("conversation", "store a batch", batch, "supported", ["conversation-service/conversation-service.test.ts"], ""),
  entry(
    "conversation",
    "read a conversation",
    "GET /api/v1/conversations/:conversationId/messages",
    "supported",
    ["conversation-service/conversation-service.test.ts"],
    "For inspection: not logged, and not affected by faults.",
  ),
];
