import type { CoverageEntry } from "./coverage-entry.ts";

function control(operation: string, route: string, testedBy: string, notes = ""): CoverageEntry {
  return { service: "control", operation, route, status: "supported", testedBy: [testedBy], notes };
}

/** The control API. */
export const controlCoverage: readonly CoverageEntry[] = [
  control("overview", "GET /__emulator", "control/control.test.ts"),
  control("requests", "GET /__emulator/requests", "control/control.test.ts", "Access tokens are masked."),
  control("show callbacks", "GET /__emulator/callbacks", "control/control.test.ts"),
  control("list faults", "GET /__emulator/faults", "control/control.test.ts"),
  control("add a fault", "POST /__emulator/faults", "control/control.test.ts"),
  control("clear faults", "DELETE /__emulator/faults", "control/control.test.ts"),
  control("remove a fault", "DELETE /__emulator/faults/:id", "control/control.test.ts"),
  control("show webhooks", "GET /__emulator/webhooks", "control/control.test.ts", "Without the app secret."),
  control(
    "set webhooks",
    "PUT /__emulator/webhooks",
    "control/control.test.ts",
    "The target, withhold, duplicate, reorder and fail.",
  ),
  control("get options", "GET /__emulator/options", "control/options-routes.test.ts", "Without secrets."),
  control("set options", "PATCH /__emulator/options", "control/options-routes.test.ts", "And starts anew."),
  control(
    "export snapshot",
    "GET /__emulator/snapshot",
    "control/snapshot-routes.test.ts",
    "Without logs, files and what is on the way.",
  ),
  control("import snapshot", "PUT /__emulator/snapshot", "control/snapshot-routes.test.ts"),
  control("reset", "POST /__emulator/reset", "control/control.test.ts"),
  control("set a quota", "PUT /__emulator/quota/:tenantId", "control/control.test.ts"),
  control("show the clock", "GET /__emulator/clock", "control/whatsapp-routes.test.ts"),
  control(
    "advance the clock",
    "POST /__emulator/clock",
    "control/whatsapp-routes.test.ts",
    "Limits, windows, tokens and webhook timestamps follow it; delays do not.",
  ),
  control("show limits", "GET /__emulator/limits", "control/whatsapp-routes.test.ts"),
  control("set limits", "PUT /__emulator/limits", "control/whatsapp-routes.test.ts"),
  control(
    "set templates",
    "PUT /__emulator/templates",
    "control/whatsapp-routes.test.ts",
    "Replaces the existing ones.",
  ),
  control(
    "set message statuses",
    "PUT /__emulator/message-statuses",
    "control/whatsapp-routes.test.ts",
    "Replaces the existing ones.",
  ),
  control(
    "set usage",
    "PUT /__emulator/usage",
    "control/whatsapp-routes.test.ts",
    "An empty object removes the headers.",
  ),
  control("show media", "GET /__emulator/media", "control/whatsapp-routes.test.ts"),
  control("show receipts", "GET /__emulator/receipts", "control/whatsapp-routes.test.ts"),
  control("receive a message", "POST /__emulator/webhooks/inbound", "control/whatsapp-routes.test.ts"),
  control("receive a preference", "POST /__emulator/webhooks/preferences", "control/whatsapp-routes.test.ts"),
  control("receive errors", "POST /__emulator/webhooks/errors", "control/whatsapp-routes.test.ts"),
  control("redeliver a webhook", "POST /__emulator/webhooks/:id/redeliver", "control/whatsapp-routes.test.ts"),
  control("show this document", "GET /__emulator/openapi.json", "control/openapi.test.ts", "OpenAPI 3.1."),
  control(
    "send as customer",
    "POST /__emulator/customers/:customer/messages",
    "control/customer-routes.test.ts",
    "Text, files, buttons, lists, forms, reactions, places, contacts, orders, after an ad, and any other type as given.",
  ),
  control("read as customer", "POST /__emulator/customers/:customer/read", "control/customer-routes.test.ts"),
  control("prefer as customer", "POST /__emulator/customers/:customer/marketing", "control/customer-routes.test.ts"),
  control(
    "change number as customer",
    "POST /__emulator/customers/:customer/number",
    "control/customer-routes.test.ts",
  ),
  control("list messages", "GET /__emulator/messages", "control/message-routes.test.ts"),
  control("get message", "GET /__emulator/messages/:id", "control/message-routes.test.ts"),
  control("set status", "POST /__emulator/messages/:id/status", "control/message-routes.test.ts"),
  control("wait for message", "GET /__emulator/wait/message", "control/message-routes.test.ts"),
  control("wait for webhook", "GET /__emulator/wait/webhook", "control/event-routes.integration.test.ts"),
  control("stream events", "GET /__emulator/events", "control/event-routes.integration.test.ts", "Server-sent events."),
  control("receive any change", "POST /__emulator/webhooks/raw", "control/whatsapp-routes.test.ts"),
];
