import type { CoverageEntry } from "./coverage-entry.ts";

const quota = "/api/v1/tenants/:tenantId/quota";
const messages = "/api/v1/conversations/:conversationId/messages";

/** The Tenant Service, the Conversation Service and the receiver of status callbacks. */
export const serviceCoverage: readonly CoverageEntry[] = [
  tenant("credentials", "GET /api/v1/tenants/:tenantId/outlets/:outletId/waba"),
  tenant("quota", `GET ${quota}`),
  tenant("reserve quota", `POST ${quota}/reservations`),
  tenant("callbacks", "GET /api/v1/tenants/:tenantId/callbacks"),
  tenant("settle quota", `POST ${quota}/reservations/:reservationId/settle`),
  conversation("store a message", `POST ${messages}`),
  conversation("store a batch", "POST /api/v1/conversations/messages/batch"),
  conversation("read a conversation", `GET ${messages}`, "For inspection: not logged, and not affected by faults."),
  {
    service: "callbacks",
    operation: "receive a callback",
    route: "POST /callbacks",
    status: "supported",
    testedBy: ["callback-receiver/callback-receiver.test.ts"],
    notes: "Checks the signature.",
  },
];

function tenant(operation: string, route: string): CoverageEntry {
  const testedBy = ["tenant-service/tenant-service.test.ts"];
  return { service: "tenant", operation, route, status: "supported", testedBy, notes: "" };
}

function conversation(operation: string, route: string, notes = ""): CoverageEntry {
  const testedBy = ["conversation-service/conversation-service.test.ts"];
  return { service: "conversation", operation, route, status: "supported", testedBy, notes };
}
