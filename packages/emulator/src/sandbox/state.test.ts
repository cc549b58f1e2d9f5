import { globSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { openControl } from "../../test/control-client.ts";

/** What keeps state, and the part of a snapshot that has it. What begins with `not` is in none, and why. */
const holders: Readonly<Record<string, string>> = {
  "callback-receiver/callback-receiver.ts": "not: a log",
  "chats/chats.ts": "messages",
  "collections/bounded-log.ts": "not: a form of state, which others have",
  "control/clock.ts": "clock",
  "control/readers.ts": "not: how far a client has read",
  "control/control-access.ts": "not: an option of the start",
  "conversation-service/conversation-service.ts": "not: a log",
  "conversation-service/conversations.ts": "conversations",
  "events/events.ts": "not: who listens",
  "faults/faults.ts": "faults",
  "graph/access/tokens.ts": "tenants",
  "graph/graph.ts": "wamids, receipts; not: logs",
  "graph/limits/limits.ts": "limits",
  "graph/media/media-store.ts": "media",
  "graph/numbers/number-facts.ts": "options",
  "collections/memory.ts": "graph",
  "graph/objects/objects.ts": "ids",
  "graph/objects/operation-table.ts": "not: the same in every sandbox",
  "graph/templates/template-store.ts": "templates",
  "http/byte-store.ts": "media",
  "http/held-requests.ts": "not: requests that hang",
  "sandbox/page-middleware.ts": "not: whether the page is loaded",
  "sandbox/services.ts": "options, graph, conversations, tenants; not: the count of trace ids",
  "tenant-service/tenant-quota.ts": "tenants",
  "tenant-service/tenant-service.ts": "reservations; not: a log",
  "tenant-service/tenants.ts": "tenants",
  "webhooks/failure-rules.ts": "webhooks",
  "webhooks/inbound.ts": "webhooks",
  "webhooks/status-webhooks.ts": "webhooks",
  "webhooks/webhook-sender.ts": "not: a log, and what is on the way",
  "webhooks/webhook-target.ts": "webhooks",
  "webhooks/webhooks.ts": "webhooks",
};

const factory = /^export function (?:create\w+|\w+Operations)\b[^]*?^\}/gm;
/** A collection or a variable that a factory keeps for the functions which it returns. */
const kept = /^ {2}(?:let |const \w+(?:: .+)? = (?:new (?:Map|Set)\b|createBoundedLog|\[\];))/m;

const source = new URL("../", import.meta.url);

function keepsState(file: string): boolean {
  const text = readFileSync(new URL(file, source), "utf8");
  return (text.match(factory) ?? []).some((body) => kept.test(body));
}

test("what keeps state outside Graph's memory is in this table", () => {
  const files = globSync("**/*.ts", { cwd: source })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !file.endsWith(".test.ts") && keepsState(file));
  expect(files.toSorted()).toEqual(Object.keys(holders).toSorted());
});

test("each part that the table names is in a snapshot, and the table names each part", async () => {
  const { call } = openControl();
  await call("PUT", "/usage", { app: { call_count: 1 } });
  const { parts } = (await call("GET", "/snapshot")).body as { parts: object };
  const named = Object.values(holders).flatMap((text) =>
    text.split(";").filter((one) => !one.trim().startsWith("not")),
  );
  const inTable = new Set(named.flatMap((text) => text.split(",").map((one) => one.trim())));
  // Fields of Graph's state.
  const ofState = ["messageStatuses", "usage"];
  expect([...inTable, ...ofState].toSorted()).toEqual(Object.keys(parts).toSorted());
});
