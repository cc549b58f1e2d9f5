import { Hono } from "hono";

import type { CallbackEvent } from "../callback-receiver/callback-receiver.ts";
import type { Chats } from "../chats/chats.ts";
import type { Customers } from "../customers/customers.ts";
import type { Events } from "../events/events.ts";
import type { Faults } from "../faults/faults.ts";
import type { GraphState } from "../graph/graph-state.ts";
import type { GraphReceipt } from "../graph/receipts.ts";
import type { Env } from "../http/answer.ts";
import type { RecordedRequest } from "../http/request-record.ts";
import type { Tenants } from "../tenant-service/tenants.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";
import type { SandboxClock } from "./clock.ts";
import { customerRoutes } from "./customer-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { faultRoutes } from "./fault-routes.ts";
import { limitRoutes } from "./limit-routes.ts";
import { logRoutes } from "./log-routes.ts";
import { mediaRoutes } from "./media-routes.ts";
import { messageRoutes } from "./message-routes.ts";
import { type OptionsControl, optionsRoutes } from "./options-routes.ts";
import { createReaders } from "./readers.ts";
import { openApiOf } from "./routes/openapi.ts";
import { addRoute, type ControlRoute } from "./routes/route.ts";
import { sandboxRoutes } from "./sandbox-routes.ts";
import { snapshotRoutes } from "./snapshot-routes.ts";
import type { Snapshots } from "./snapshots.ts";
import { templateRoutes } from "./template-routes.ts";
import { webhookRoutes } from "./webhook-routes.ts";
import { whatsAppRoutes } from "./whatsapp-routes.ts";

interface ControlDeps {
  readonly urls: () => Readonly<Record<string, string>>;
  readonly clock: SandboxClock;
  readonly state: () => GraphState;
  readonly receipts: () => readonly GraphReceipt[];
  readonly requests: () => Readonly<Record<string, readonly RecordedRequest[]>>;
  readonly faults: Faults;
  readonly webhooks: WebhookService;
  readonly chats: Chats;
  readonly customers: Customers;
  readonly events: Events;
  readonly tenants: () => Tenants;
  readonly callbacks: () => readonly CallbackEvent[];
  readonly options: OptionsControl;
  readonly snapshots: Snapshots;
  readonly loadSamples: () => Promise<void>;
  readonly reset: () => void;
}

export const controlPath = "/__emulator";

/** The sandbox's handle over HTTP. It is served by each of the services. */
export function createControl(deps: ControlDeps): Hono<Env> {
  const { faults, webhooks, events } = deps;
  const app = new Hono<Env>({ strict: false });
  const readers = createReaders();
  const reset = () => {
    deps.reset();
    readers.clear();
  };
  const routes: readonly ControlRoute[] = [
    ...sandboxRoutes({
      ...deps,
      reset,
      routes: () => routes.map(({ method, path }) => `${method} ${controlPath}${path}`),
      document: () => openApiOf(routes, controlPath),
    }),
    ...optionsRoutes(deps.options),
    ...snapshotRoutes({ ...deps, onLoaded: () => readers.clear() }),
    ...customerRoutes(deps.customers),
    ...messageRoutes({ ...deps, readers }),
    ...webhookRoutes(webhooks),
    ...faultRoutes(faults),
    ...whatsAppRoutes(deps),
    ...limitRoutes(deps),
    ...mediaRoutes(deps.state),
    ...templateRoutes(deps.state),
    ...logRoutes(deps),
    ...eventRoutes(events, webhooks),
  ];
  const tell = (operation: string) => events.emit("control", () => ({ operation }));
  for (const route of routes) addRoute(app, controlPath, route, tell);
  app.notFound((c) => c.json({ title: "Not found", detail: `GET ${controlPath} lists what there is.` }, 404));
  return app;
}
