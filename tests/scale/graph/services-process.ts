import { setPriority } from "node:os";

import { startSandbox } from "@message-sender/emulator";

import { arrivalOf, type SendBody } from "./arrival.ts";
import { startFastGraph } from "./fast-graph.ts";
import { judge, type Seen } from "./judge.ts";
import { measureLateness } from "./recorder-lateness.ts";

/** How the services behave. */
export interface ServicesSettings {
  /** The emulator's WhatsApp, or one that costs less and does only what the runs need. */
  readonly graph: "emulator" | "fast";
  readonly limitPerSecond: number;
}

export interface ServiceUrls {
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
}

export type ToServices =
  | { readonly ask: "seen" | "accepted" | "memory" }
  | { readonly ask: "used"; readonly tenantIds: readonly string[] }
  | { readonly ask: "arrivedAt"; readonly to: string }
  | { readonly ask: "clear" };

export interface FromServices {
  readonly seen: Seen;
  readonly accepted: number;
  readonly memory: number;
  readonly used: Readonly<Record<string, number>>;
  /** By the wall clock. 0: not yet. */
  readonly arrivedAt: number;
}

const keep = 2_000_000;

// WhatsApp, the Tenant Service and the Conversation Service of a run, in a process of its own.
const settings = JSON.parse(process.argv[2] ?? "{}") as ServicesSettings;
raisePriority();
const sandbox = await startSandbox({
  keep: settings.graph === "emulator" ? keep : 10_000,
  limits: { throughputPerSecond: settings.limitPerSecond },
  defaultQuota: 1_000_000_000,
});
const fast = settings.graph === "fast" ? await startFastGraph(settings.limitPerSecond) : undefined;
const lateness = measureLateness();
let skipped = 0;

process.once("disconnect", () => process.exit());
process.on("message", (command: ToServices) => process.send?.(answerTo(command)));
const urls: ServiceUrls = {
  graphUrl: fast?.url ?? sandbox.graphUrl,
  tenantUrl: sandbox.tenantUrl,
  conversationUrl: sandbox.conversationUrl,
};
process.send?.(urls);

function answerTo(command: ToServices): Partial<FromServices> {
  switch (command.ask) {
    case "seen":
      return { seen: judge(arrivals(), lateness.mostMs) };
    case "accepted":
      return { accepted: fast ? fast.accepted : sandbox.graph.messageCount - skipped };
    case "memory":
      return { memory: process.memoryUsage().rss };
    case "used":
      return {
        used: Object.fromEntries(command.tenantIds.map((id) => [id, sandbox.tenant.quotaOf(id)?.used ?? 0])),
      };
    case "arrivedAt": {
      const atMs = arrivals().find(({ to }) => to === command.to)?.atMs;
      return { arrivedAt: atMs === undefined ? 0 : fast ? performance.timeOrigin + atMs : atMs };
    }
    case "clear":
      fast?.clear();
      skipped = sandbox.graph.messageCount;
      lateness.clear();
      return {};
  }
}

function arrivals() {
  if (fast) return fast.arrivals;
  return sandbox.graph.requests
    .filter(({ method, path }) => method === "POST" && path.endsWith("/messages"))
    .map(({ at, phoneNumberId, body, status }) => arrivalOf(at, phoneNumberId, body as SendBody, status === 200));
}

/** Requests count when they arrive, not when this process gets to run. Only root may do that. */
function raisePriority(): void {
  try {
    setPriority(-15);
  } catch {
    // Its lateness is reported.
  }
}
