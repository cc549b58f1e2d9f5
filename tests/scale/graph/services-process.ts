import { startSandbox } from "@message-sender/emulator";

import { arrivalOf, type SendBody } from "./arrival.ts";
import { answerOf, type FromRecorder, raisePriority, type Recorded, type ToRecorder } from "./recorded.ts";
import { measureLateness } from "./recorder-lateness.ts";

export interface ServiceUrls {
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
}

export type ToServices = ToRecorder | { readonly ask: "used"; readonly tenantIds: readonly string[] };

export interface FromServices extends FromRecorder {
  readonly used: Readonly<Record<string, number>>;
}

const [limitPerSecond = 0, keep = 0] = process.argv.slice(2).map(Number);

// The emulator in a process of its own: the Tenant Service and the Conversation Service of a run, and a WhatsApp.
raisePriority();
const sandbox = await startSandbox({
  keep,
  limits: { throughputPerSecond: limitPerSecond },
  defaultQuota: 1_000_000_000,
});
const lateness = measureLateness();
let skipped = 0;
const recorded: Recorded = {
  get arrivals() {
    return sandbox.graph.requests
      .filter(({ method, path }) => method === "POST" && path.endsWith("/messages"))
      .map(({ at: atMs, phoneNumberId, body, status }) =>
        arrivalOf({ earliestMs: atMs - lateness.mostMs, atMs }, phoneNumberId, body as SendBody, status === 200),
      );
  },
  get accepted() {
    return sandbox.graph.messageCount - skipped;
  },
  timeOriginMs: 0,
  clear() {
    skipped = sandbox.graph.messageCount;
    lateness.clear();
  },
};

process.once("disconnect", () => process.exit());
process.on("message", (command: ToServices) => process.send?.(answerTo(command)));
const { graphUrl, tenantUrl, conversationUrl } = sandbox;
process.send?.({ graphUrl, tenantUrl, conversationUrl });

function answerTo(command: ToServices): Partial<FromServices> {
  if (command.ask !== "used") return answerOf(recorded, command);
  return { used: Object.fromEntries(command.tenantIds.map((id) => [id, sandbox.tenant.quotaOf(id)?.used ?? 0])) };
}
