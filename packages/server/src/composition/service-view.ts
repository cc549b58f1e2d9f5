import type { ProcessReport, ServiceView } from "@message-sender/console";
import { errAsync } from "neverthrow";

import { followLastHour } from "../reports/last-hour.ts";
import { collectReports } from "../reports/collect-reports.ts";
import { version } from "../version.ts";
import type { CompositionOptions } from "./composition-options.ts";
import { pacerOf } from "./pacer-of.ts";
import { registeringCredentials } from "./registered-secrets.ts";
import { type Get, type OnClose, type Provide, tokens } from "./tokens.ts";

/** What the console is told about the service. The last hour is followed from the start, whether or not anybody looks. */
export function provideServiceView(provide: Provide, options: CompositionOptions, onClose: OnClose): void {
  const { ports = {}, peers, tenantSource, storeKind, sandboxView } = options;

  provide(tokens.serviceView, (get): ServiceView => {
    const hour = options.metricsPart && followLastHour({ metrics: options.metricsPart });
    const closing = new AbortController();
    onClose(async () => {
      hour?.stop();
      closing.abort();
    });
    const report = createOwnReport(get, options);
    const own = async (): Promise<ProcessReport> => ({ ...report(), ...(hour && { hour: await hour.report() }) });
    return {
      version,
      store: storeKind,
      processes: collectReports(own, peers),
      backlog: ports.backlog ?? get(tokens.store).backlog,
      outlets: () => [...(tenantSource?.outlets() ?? []), ...(sandboxView?.outlets ?? [])],
      numberOf: numbersBy(get, options),
      closing: closing.signal,
      ...(sandboxView && { sandbox: sandboxView }),
    };
  });
}

/** What this process says of itself, without its hour. */
function createOwnReport(get: Get, options: CompositionOptions): () => ProcessReport {
  const { peers } = options;
  const startedAt = Math.round(performance.timeOrigin);
  const pacer = pacerOf(get, options);
  return () => {
    const { inFlight = 0, waiting = 0 } = pacer.load?.() ?? {};
    return {
      process: peers?.number ?? 1,
      startedAt,
      overload: get(tokens.overload).level,
      inFlight,
      waiting,
      numbers: (pacer.numbers?.() ?? []).map(({ until, ...number }) => ({
        ...number,
        ...(until && { until: until.getTime() }),
      })),
      outlets: get(tokens.sender).outlets(),
    };
  };
}

/** Asks WhatsApp about the number of an outlet. Where messages go elsewhere, nobody is asked. */
function numbersBy(get: Get, { ports = {}, redaction }: CompositionOptions): ServiceView["numberOf"] {
  if (ports.transport) return () => errAsync({ kind: "NotAtMeta" });
  const credentials = registeringCredentials(ports.credentials ?? get(tokens.credentials), redaction);
  return (outlet) =>
    credentials
      .lookup(outlet)
      .mapErr((error) =>
        error.kind === "NoOtherCredential"
          ? { kind: "TokenRefused" as const, reason: "the Tenant Service has no other token" }
          : error,
      )
      .andThen((credential) => get(tokens.numberFacts).read(credential));
}
