import { mostReplayedAtOnce } from "@message-sender/core/adapter";

import type { ConsoleApp } from "../console-context.ts";
import type { ConsoleParts } from "../console-parts.ts";
import { notFound, type PageProblem, showProblem } from "../frame/problem-page.tsx";
import { showPage } from "../frame/show-page.tsx";
import { visitFields } from "../sign-in/visit-fields.ts";
import { actorOf } from "../console-visitor.ts";
import { HistoryDone, HistoryPreview } from "./history-pages.tsx";
import { isTenantOf } from "./is-tenant-of.ts";

const title = "Resend history";
const unavailable: PageProblem = {
  status: 503,
  title: "The store is not available",
  detail: "Some of it may be under way. It is safe to repeat this: nothing is stored twice.",
};

/** Delivering again what the Conversation Service did not take of a tenant: first what it will touch, then the resend. */
export function mountHistory(app: ConsoleApp, { sender, logger }: ConsoleParts): void {
  app.get("/tenants/:tenantId/history", async (c) => {
    const tenantId = c.req.param("tenantId");
    if (!isTenantOf(c.get("visitor"), tenantId)) return showProblem(c, notFound);
    const dead = await sender.deadHistory({ tenantId, limit: mostReplayedAtOnce + 1 });
    if (dead.isErr()) return showProblem(c, unavailable);
    const content = <HistoryPreview tenantId={tenantId} dead={dead.value} formToken={c.get("formToken")} />;
    return showPage(c, { title, place: "tenants", content });
  });

  app.post("/tenants/:tenantId/history", async (c) => {
    const visitor = c.get("visitor");
    const tenantId = c.req.param("tenantId");
    if (!isTenantOf(visitor, tenantId)) return showProblem(c, notFound);
    const replayed = await sender.replayHistory({ tenantId, by: actorOf(visitor) });
    const fields = { ...visitFields(c), action: "history", tenant_id: tenantId };
    if (replayed.isErr()) {
      logger.info({ ...fields, problem: replayed.error.kind }, "console change refused");
      return showProblem(c, unavailable);
    }
    logger.info({ ...fields, changed: replayed.value }, "console change of many");
    const done = { tenantId, replayed: replayed.value, formToken: c.get("formToken") };
    return showPage(c, { title, place: "tenants", content: <HistoryDone {...done} /> });
  });
}
