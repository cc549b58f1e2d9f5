import { type CoverageEntry, entry } from "./coverage-entry.ts";

function control(operation: string, route: string, testedBy: string, notes = ""): CoverageEntry {
  return entry("control", operation, route, "supported", [testedBy], notes);
}

/** The handle over HTTP. */
export const controlCoverage: readonly CoverageEntry[] = [
  control("what there is", "GET /__emulator", "control.test.ts"),
  control("requests", "GET /__emulator/requests", "control.test.ts", "Access tokens are masked."),
  control("list faults", "GET /__emulator/faults", "control.test.ts"),
  control("add a fault", "POST /__emulator/faults", "control.test.ts"),
  control("clear faults", "DELETE /__emulator/faults", "control.test.ts"),
  control("remove a fault", "DELETE /__emulator/faults/:id", "control.test.ts"),
  control("show webhooks", "GET /__emulator/webhooks", "control.test.ts", "Never the app secret."),
  control(
    "set webhooks",
    "PUT /__emulator/webhooks",
    "control.test.ts",
    "The target, withhold, duplicate, reorder and fail.",
  ),
  control("reset", "POST /__emulator/reset", "control.test.ts"),
  control("set a quota", "PUT /__emulator/quota/:tenantId", "control.test.ts"),
  control("show the clock", "GET /__emulator/clock", "graph-control.test.ts"),
  control(
    "move the clock on",
    "POST /__emulator/clock",
    "graph-control.test.ts",
    "Limits, windows, tokens and webhooks go by it; delays do not.",
  ),
  control("show limits", "GET /__emulator/limits", "graph-control.test.ts"),
  control("set limits", "PUT /__emulator/limits", "graph-control.test.ts"),
  control("set templates", "PUT /__emulator/templates", "graph-control.test.ts", "In the place of those there are."),
  control(
    "set message statuses",
    "PUT /__emulator/message-statuses",
    "graph-control.test.ts",
    "In the place of those there are.",
  ),
  control(
    "set usage",
    "PUT /__emulator/usage",
    "graph-control.test.ts",
    "Without app and business there are no headers.",
  ),
  control("show media", "GET /__emulator/media", "graph-control.test.ts"),
  control("show receipts", "GET /__emulator/receipts", "graph-control.test.ts"),
  control("receive a message", "POST /__emulator/webhooks/inbound", "graph-control.test.ts"),
  control("receive a preference", "POST /__emulator/webhooks/preferences", "graph-control.test.ts"),
  control("receive any change", "POST /__emulator/webhooks/raw", "graph-control.test.ts"),
];
