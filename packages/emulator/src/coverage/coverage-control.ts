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
  control("reset", "POST /__emulator/reset", "control/control.test.ts"),
  control("set a quota", "PUT /__emulator/quota/:tenantId", "control/control.test.ts"),
  control("show the clock", "GET /__emulator/clock", "control/graph-control.test.ts"),
  control(
    "advance the clock",
    "POST /__emulator/clock",
    "control/graph-control.test.ts",
    "Limits, windows, tokens and webhook timestamps follow it; delays do not.",
  ),
  control("show limits", "GET /__emulator/limits", "control/graph-control.test.ts"),
  control("set limits", "PUT /__emulator/limits", "control/graph-control.test.ts"),
  control("set templates", "PUT /__emulator/templates", "control/graph-control.test.ts", "Replaces the existing ones."),
  control(
    "set message statuses",
    "PUT /__emulator/message-statuses",
    "control/graph-control.test.ts",
    "Replaces the existing ones.",
  ),
  control(
    "set usage",
    "PUT /__emulator/usage",
    "control/graph-control.test.ts",
    "An empty object removes the headers.",
  ),
  control("show media", "GET /__emulator/media", "control/graph-control.test.ts"),
  control("show receipts", "GET /__emulator/receipts", "control/graph-control.test.ts"),
  control("receive a message", "POST /__emulator/webhooks/inbound", "control/graph-control.test.ts"),
  control("receive a preference", "POST /__emulator/webhooks/preferences", "control/graph-control.test.ts"),
  control("receive any change", "POST /__emulator/webhooks/raw", "control/graph-control.test.ts"),
];
