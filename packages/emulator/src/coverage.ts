export interface CoverageEntry {
  readonly service: "graph" | "tenant" | "conversation" | "control";
  readonly operation: string;
  readonly route: string;
  /** `partial`: the notes say what is missing. */
  readonly status: "supported" | "partial" | "planned";
  /** Test files beside this one that name the operation or the route. */
  readonly testedBy: readonly string[];
  readonly notes: string;
}

const graphSend = "POST /:version/:phoneNumberId/messages";
const batch = "POST /api/v1/conversations/messages/batch";
const single = "POST /api/v1/conversations/:conversationId/messages";
const quota = "/api/v1/tenants/:tenantId/quota";

/** What the emulator can do and what it cannot yet, route by route. */
export const coverage: readonly CoverageEntry[] = [
  entry(
    "graph",
    "send a text",
    graphSend,
    "supported",
    ["graph.test.ts", "sandbox.integration.test.ts"],
    "To a phone number (`to`) or a business-scoped user id (`recipient`).",
  ),
  entry(
    "graph",
    "access tokens",
    graphSend,
    "supported",
    ["graph.test.ts"],
    "Unknown, expired, revoked, and another number's; only where tokens are seeded.",
  ),
  entry(
    "graph",
    "faults",
    graphSend,
    "supported",
    ["faults.test.ts", "sandbox.integration.test.ts"],
    "Any Graph error by its code, statuses, delays and broken connections.",
  ),
  entry("graph", "send media, location, contacts, reactions", graphSend, "planned", [], "131051 until then."),
  entry("graph", "send interactive messages", graphSend, "planned", [], "131051 until then."),
  entry("graph", "send templates", graphSend, "planned", [], "131051 until then."),
  entry("graph", "mark as read, typing", graphSend, "planned", [], ""),
  entry(
    "graph",
    "rate limits",
    graphSend,
    "planned",
    [],
    "Throughput of a number and of a pair; until then a fault with 130429 or 131056.",
  ),
  entry("graph", "24-hour window", graphSend, "planned", [], "Until then a fault with 131047."),
  entry("graph", "upload media", "POST /:version/:phoneNumberId/media", "planned", [], ""),
  entry("graph", "message history", "GET /:version/:phoneNumberId/message_history", "planned", [], ""),
  entry(
    "graph",
    "status webhooks",
    graphSend,
    "supported",
    ["webhooks.integration.test.ts"],
    "sent, delivered, read and failed, signed; withheld, shuffled, repeated and sent again. One status a request; no played, no groups.",
  ),
  entry(
    "tenant",
    "credentials",
    "GET /api/v1/tenants/:tenantId/outlets/:outletId/waba",
    "supported",
    ["tenant-service.test.ts"],
    "",
  ),
  entry("tenant", "quota", `GET ${quota}`, "supported", ["tenant-service.test.ts"], ""),
  entry("tenant", "reserve quota", `POST ${quota}/reservations`, "supported", ["tenant-service.test.ts"], ""),
  entry(
    "tenant",
    "settle quota",
    `POST ${quota}/reservations/:reservationId/settle`,
    "supported",
    ["tenant-service.test.ts"],
    "",
  ),
  entry("conversation", "store a message", single, "supported", ["conversation-service.test.ts"], ""),
  entry("conversation", "store a batch", batch, "supported", ["conversation-service.test.ts"], ""),
  entry(
    "conversation",
    "read a conversation",
    "GET /api/v1/conversations/:conversationId/messages",
    "supported",
    ["conversation-service.test.ts"],
    "To look at; not in the log and never met by a fault.",
  ),
  entry("control", "what there is", "GET /__emulator", "supported", ["control.test.ts"], ""),
  entry(
    "control",
    "requests",
    "GET /__emulator/requests",
    "supported",
    ["control.test.ts"],
    "Access tokens are masked.",
  ),
  entry("control", "list faults", "GET /__emulator/faults", "supported", ["control.test.ts"], ""),
  entry("control", "add a fault", "POST /__emulator/faults", "supported", ["control.test.ts"], ""),
  entry("control", "clear faults", "DELETE /__emulator/faults", "supported", ["control.test.ts"], ""),
  entry("control", "remove a fault", "DELETE /__emulator/faults/:id", "supported", ["control.test.ts"], ""),
  entry(
    "control",
    "show webhooks",
    "GET /__emulator/webhooks",
    "supported",
    ["control.test.ts"],
    "Never the app secret.",
  ),
  entry(
    "control",
    "set webhooks",
    "PUT /__emulator/webhooks",
    "supported",
    ["control.test.ts"],
    "The target, withhold, duplicate, reorder and fail.",
  ),
  entry("control", "reset", "POST /__emulator/reset", "supported", ["control.test.ts"], ""),
  entry("control", "set a quota", "PUT /__emulator/quota/:tenantId", "supported", ["control.test.ts"], ""),
];

function entry(
  service: CoverageEntry["service"],
  operation: string,
  route: string,
  status: CoverageEntry["status"],
  testedBy: readonly string[],
  notes: string,
): CoverageEntry {
  return { service, operation, route, status, testedBy, notes };
}
