import type { Usage } from "@message-sender/core";
import { mostReplayedAtOnce } from "@message-sender/core/adapter";
import { Region, type Regions, renderRegions } from "@message-sender/pages";
import type { Child } from "hono/jsx";

import type { ConsoleApp } from "../console-context.ts";
import type { ConsoleParts } from "../console-parts.ts";
import { notFound, showProblem } from "../frame/problem-page.tsx";
import { showPage } from "../frame/show-page.tsx";
import { answerLive } from "../live/answer-live.ts";
import { messagesHref, tenantHref } from "../frame/links.ts";
import { numbersOf } from "../service/numbers.ts";
import { createSharedReadings } from "../service/shared-reading.ts";
import { withTimeout } from "../service/with-timeout.ts";
import { tenantsKey, type Visitor } from "../console-visitor.ts";
import { createAccountNotices } from "./account-notices.ts";
import { AccountNoticesPanel } from "./account-notices-panel.tsx";
import { HistoryPanel } from "./history-pages.tsx";
import { isTenantOf } from "./is-tenant-of.ts";
import { NoTenants, PausePanel } from "./pause-list.tsx";
import { OutletsPanel, TenantQuotaPanel, UsagePanel } from "./tenant-page.tsx";
import { AllNumbersPanel, TenantsPanel } from "./tenants-page.tsx";

const lookEveryMs = 3000;
const mostTenants = 100;
const usageFreshMs = 300_000;
const noticesFreshMs = 10_000;

/** The pages of tenants and numbers. A tenant that the visitor does not see is not found. */
export function mountTenants(app: ConsoleApp, { sender, live, facts }: ConsoleParts): void {
  const usages = createSharedReadings({
    freshMs: usageFreshMs,
    atOnce: 1,
    read: async (tenantId): Promise<Usage | null> => (await sender.usage({ tenantId })).unwrapOr(null),
  });

  const notices = createSharedReadings({ freshMs: noticesFreshMs, read: createAccountNotices(sender) });

  async function known(visitor: Visitor) {
    const [processes, outlets, pauses] = await Promise.all([
      facts.processes(),
      facts.outletsFor(visitor),
      facts.pausesFor(visitor),
    ]);
    return { outlets, pauses, numbers: facts.numbersFor(visitor, numbersOf(processes, outlets, pauses)) };
  }

  async function listRegions(visitor: Visitor): Promise<Regions> {
    const { outlets, pauses, numbers } = await known(visitor);
    const own = visitor.tenants === "all" ? [] : [...visitor.tenants];
    const paused = pauses.flatMap(({ kind, name, tenantId = kind === "tenant" ? name : undefined }) => tenantId ?? []);
    const ids = [...new Set([...outlets.map(({ tenantId }) => tenantId), ...own, ...paused])].toSorted();
    const shown = ids.slice(0, mostTenants);
    const quotas = await facts.quotasOf(shown);
    const tenants = shown.map((id) => {
      const quota = quotas.get(id);
      return {
        tenantId: id,
        outlets: outlets.filter(({ tenantId }) => tenantId === id),
        held: numbers.filter(({ hold, outlets: of }) => hold && of.some(({ tenantId }) => tenantId === id)).length,
        pauses: pauses.filter(({ kind, name, tenantId }) => tenantId === id || (kind === "tenant" && name === id)),
        ...(quota && { quota }),
      };
    });
    return {
      tenants:
        tenants.length === 0 ? (
          <NoTenants />
        ) : (
          <TenantsPanel tenants={tenants} isComplete={shown.length === ids.length} />
        ),
      pauses: <PausePanel pauses={pauses} visitor={visitor} />,
      numbers: <AllNumbersPanel numbers={numbers} />,
      ...(visitor.seesAllTenants && { notices: <AccountNoticesPanel notices={await notices.of("")} /> }),
    };
  }

  async function tenantRegions(visitor: Visitor, tenantId: string): Promise<Regions> {
    const { outlets, pauses, numbers } = await known(visitor);
    const own = outlets.filter((outlet) => outlet.tenantId === tenantId);
    const [dead, quotas, usage, health] = await Promise.all([
      sender.deadHistory({ tenantId, limit: mostReplayedAtOnce + 1 }),
      facts.quotasOf([tenantId]),
      withTimeout(usages.of(tenantId)),
      Promise.all(own.map((outlet) => withTimeout(facts.numberOf(outlet)))),
    ]);
    const lines = own.map((outlet, index) => {
      const number = numbers.find(({ phoneNumberId }) => phoneNumberId === outlet.phoneNumberId);
      return { ...outlet, health: health[index], ...(number && { number }) };
    });
    const concerning = pauses.filter(
      ({ kind, name, tenantId: of }) =>
        of === tenantId || (kind === "tenant" && name === tenantId) || isOfNumber(kind, name),
    );
    function isOfNumber(kind: string, name: string): boolean {
      return kind === "number" && own.some(({ phoneNumberId }) => phoneNumberId === name);
    }
    return {
      outlets: <OutletsPanel outlets={lines} />,
      pauses: <PausePanel pauses={concerning} visitor={visitor} tenantId={tenantId} />,
      history: <HistoryPanel tenantId={tenantId} dead={dead.unwrapOr(undefined)} />,
      quota: <TenantQuotaPanel tenantId={tenantId} quota={quotas.get(tenantId)} />,
      usage: <UsagePanel usage={usage} />,
    };
  }

  app.get("/tenants", async (c) => {
    const asked = c.req.query("tenant")?.trim() ?? "";
    if (asked !== "") return c.redirect(tenantHref(asked), 303);
    const regions = await renderRegions(await listRegions(c.get("visitor")));
    const content = (
      <div class="column">
        <h1 class="hidden">Tenants and numbers</h1>
        <Done what={c.req.query("done")} />
        {[regions["tenants"], regions["pauses"], regions["numbers"], regions["notices"]].map(
          (region) =>
            region && (
              <div id={region.name}>
                <Region of={region} />
              </div>
            ),
        )}
      </div>
    );
    return showPage(c, { title: "Tenants and numbers", place: "tenants", live: "/console/live/tenants", content });
  });

  app.get("/live/tenants", (c) => {
    const visitor = c.get("visitor");
    const page = { key: `tenants ${tenantsKey(visitor)}`, everyMs: lookEveryMs, regions: () => listRegions(visitor) };
    return answerLive(c, live, page);
  });

  app.get("/tenants/:tenantId", async (c) => {
    const visitor = c.get("visitor");
    const tenantId = c.req.param("tenantId");
    if (!isTenantOf(visitor, tenantId)) return showProblem(c, notFound);
    const regions = await renderRegions(await tenantRegions(visitor, tenantId));
    const region = (name: string): Child => {
      const of = regions[name];
      return of && <Region of={of} />;
    };
    const content = (
      <div class="column">
        <div class="page-title">
          <h1>{tenantId}</h1>
          <a class="button" href={messagesHref({ tenant: tenantId })}>
            Messages
          </a>
        </div>
        {region("outlets")}
        {region("pauses")}
        {region("history")}
        <div class="columns">
          {region("quota")}
          {region("usage")}
        </div>
      </div>
    );
    return showPage(c, {
      title: tenantId,
      place: "tenants",
      live: `/console/live/tenants/${encodeURIComponent(tenantId)}`,
      content,
    });
  });

  app.get("/live/tenants/:tenantId", (c) => {
    const visitor = c.get("visitor");
    const tenantId = c.req.param("tenantId");
    if (!isTenantOf(visitor, tenantId)) return showProblem(c, notFound);
    const regions = () => tenantRegions(visitor, tenantId);
    return answerLive(c, live, { key: `tenant ${tenantsKey(visitor)} ${tenantId}`, everyMs: lookEveryMs, regions });
  });
}

const doneTexts: Readonly<Record<string, string>> = {
  paused: "It is paused. Every process knows within a second.",
  resumed: "It is resumed. Messages that waited are being sent.",
};

/** What was done just now. */
function Done({ what = "" }: { what?: string | undefined }) {
  const text = Object.hasOwn(doneTexts, what) ? doneTexts[what] : undefined;
  return text === undefined ? (
    <></>
  ) : (
    <p class="done" role="status">
      {text}
    </p>
  );
}
