import { Region, type Regions, renderRegions } from "@message-sender/pages";

import type { ConsoleApp } from "../console-context.ts";
import type { ConsoleParts } from "../console-parts.ts";
import { showPage } from "../frame/show-page.tsx";
import { answerLive } from "../live/answer-live.ts";
import { SandboxPanel } from "../sandbox/sandbox-panel.tsx";
import { sandboxOutletOf } from "../sandbox/sandbox-routes.ts";
import { createSharedReadings } from "../service/shared-reading.ts";
import { tenantsKey, type Visitor } from "../console-visitor.ts";
import { Figures, Headline } from "./headline.tsx";
import { LatencyPanel, NoHour, NoPlots, ThroughputPanel } from "./hour-panels.tsx";
import { readOverview } from "./overview-facts.ts";
import { DeliveriesPanel, NumbersPanel, ProcessesPanel, QueuePanel, QuotaPanel } from "./state-panels.tsx";
import { tenantHourOf } from "./tenant-hour.ts";

const lookEveryMs = 2000;
const tenantHourFreshMs = 10_000;

/** The first page: is it healthy, and who is held up, and why? */
export function mountOverview(app: ConsoleApp, parts: ConsoleParts): void {
  const { sender, clock, live } = parts;
  const tenantHours = createSharedReadings({
    freshMs: tenantHourFreshMs,
    read: (tenants) => tenantHourOf(sender, clock.now(), tenants.split(" ")),
  });

  async function regionsFor(visitor: Visitor): Promise<Regions> {
    const overview = await readOverview({ ...parts, hourOfTenants: tenantHours.of }, visitor);
    const { hour, backlog, processes } = overview;
    return {
      headline: <Headline overview={overview} />,
      figures: <Figures overview={overview} />,
      throughput: hour ? <ThroughputPanel hour={hour} processes={processes.length} /> : <></>,
      latency: hour ? <LatencyPanel hour={hour} /> : <></>,
      unmeasured: hour ? <></> : visitor.seesAllTenants ? <NoHour /> : <NoPlots />,
      numbers: <NumbersPanel {...overview} />,
      queue: <QueuePanel {...overview} />,
      quota: <QuotaPanel {...overview} />,
      deliveries: backlog ? <DeliveriesPanel backlog={backlog} /> : <></>,
      processes: processes.length > 0 ? <ProcessesPanel processes={processes} /> : <></>,
    };
  }

  app.get("/", async (c) => {
    const visitor = c.get("visitor");
    const { sandbox } = parts.facts.view;
    const regions = await renderRegions(await regionsFor(visitor));
    const region = (name: string) => {
      const of = regions[name];
      return of && <Region of={of} />;
    };
    const content = (
      <div class="column overview">
        <h1 class="hidden">Overview</h1>
        {region("headline")}
        {sandbox && sandboxOutletOf(sandbox, visitor) && (
          <SandboxPanel formToken={c.get("formToken")} emulatorUrl={sandbox.url} />
        )}
        {region("figures")}
        <div class="columns plots">
          {region("throughput")}
          {region("latency")}
        </div>
        {region("unmeasured")}
        {region("numbers")}
        <div id="queue">{region("queue")}</div>
        {region("quota")}
        <div class="columns" id="deliveries">
          {region("deliveries")}
          {region("processes")}
        </div>
      </div>
    );
    return showPage(c, {
      title: "Overview",
      place: "overview",
      live: "/console/live/overview",
      modules: ["plots.js"],
      styles: ["uplot.css"],
      content,
    });
  });

  app.get("/live/overview", (c) => {
    const visitor = c.get("visitor");
    const page = { key: `overview ${tenantsKey(visitor)}`, everyMs: lookEveryMs, regions: () => regionsFor(visitor) };
    return answerLive(c, live, page);
  });
}
