import type { Pause, QueuedOutlet, TenantQuota } from "@message-sender/core";
import type { BacklogMeasure } from "@message-sender/core/adapter";
import type { Tone } from "@message-sender/pages";

import type { NumberLine } from "../service/numbers.ts";
import { shareOf, usedOf } from "../service/quota-use.ts";
import { messagesHref, numberHref, tenantHref } from "../frame/links.ts";
import { roughDuration } from "../words/duration.ts";
import { countText, percentText } from "../words/figures.ts";
import { pauseName } from "../words/pause-name.ts";
import { endingWords, type Hour } from "./hour.ts";
import { mostCounted, type Overview } from "./overview-facts.ts";

/** Something that a person should know, and why it is so. */
export interface Attention {
  readonly tone: Extract<Tone, "bad" | "warn" | "info">;
  readonly what: string;
  readonly why: string;
  readonly href?: string;
  readonly until?: Date;
  /** What comes then, if it need not be over then. */
  readonly next?: string;
}

/** What is looked at for it. Absent: it is not the visitor's to see. */
export interface Watched extends Pick<Overview, "notReady" | "hour" | "backlog" | "numbers" | "pauses" | "quotas"> {
  /** The highest level of any process; 0: none is overloaded. */
  readonly overload?: number;
  readonly lines: readonly QueuedOutlet[];
}

const lateMs = 60_000;
/** Ten minutes. */
const recentSlots = 60;

/** The worst first. */
export function attentionOf(watched: Watched): readonly Attention[] {
  const found = [
    ...ofService(watched),
    ...watched.numbers.flatMap(ofNumber),
    ...watched.numbers.flatMap(({ outlets }) => outlets).flatMap(ofOutlet),
    ...watched.pauses.filter(({ kind }) => kind !== "number").map(ofPause),
    ...[...watched.quotas].flatMap(([tenantId, quota]) => ofQuota(tenantId, quota)),
    ...ofDeliveries(watched.backlog),
    ...ofFailures(watched.hour),
    ...ofQueue(watched.lines),
  ];
  return found.toSorted((a, b) => tones.indexOf(a.tone) - tones.indexOf(b.tone));
}

const tones = ["bad", "warn", "info"];

function ofService({ notReady, overload = 0 }: Watched): readonly Attention[] {
  const refused = ["", "batches and queued messages", "sends too", "reads too", "webhooks too"][overload];
  return [
    ...(notReady === undefined ? [] : [{ tone: "bad" as const, what: "The service takes no messages", why: notReady }]),
    ...(overload > 0
      ? [{ tone: "bad" as const, what: "The server is overloaded", why: `It refuses ${refused} with 503.` }]
      : []),
  ];
}

function ofNumber({ phoneNumberId, hold, perSecond, fullPerSecond }: NumberLine): readonly Attention[] {
  if (!hold) return [];
  const words = {
    stopped: "is paused here",
    open: "fails: its circuit breaker is open",
    paused: "is paused, because WhatsApp asked for it",
    throttled: `is throttled to ${perSecond} of ${fullPerSecond} messages a second`,
  } as const;
  return [
    {
      tone: hold.kind === "open" ? "bad" : "warn",
      what: `Number ${phoneNumberId} ${words[hold.kind]}`,
      why: hold.reason,
      href: numberHref(phoneNumberId),
      ...(hold.until && { until: hold.until }),
      ...(hold.kind === "open" && { next: "The next probe is at" }),
    },
  ];
}

function ofOutlet({ tenantId, outletId, credential }: NumberLine["outlets"][number]): readonly Attention[] {
  if (credential !== "refused") return [];
  const why = "Its messages are not sent until the tenant's owner provides another one.";
  return [
    { tone: "bad", what: `WhatsApp refuses the token of ${outletId} of ${tenantId}`, why, href: tenantHref(tenantId) },
  ];
}

function ofPause(pause: Pause): Attention {
  const { tenantId, by, reason, until } = pause;
  const href = tenantId === undefined ? "/console/tenants#pauses" : tenantHref(tenantId);
  return {
    tone: "warn",
    what: `${pauseName(pause)} is paused`,
    why: `${by}: ${reason}`,
    href,
    ...(until && { until }),
  };
}

function ofQuota(tenantId: string, quota: TenantQuota): readonly Attention[] {
  const { limit, used, resetsAt } = quota;
  const share = shareOf(quota);
  if (share < 0.9) return [];
  const isUp = used >= limit;
  const what = isUp ? `The quota of ${tenantId} is used up` : `${tenantId} has used ${percentText(share)} of its quota`;
  const why = `${countText(usedOf(quota))} of ${countText(limit)} messages.`;
  return [{ tone: isUp ? "bad" : "warn", what, why, href: tenantHref(tenantId), ...(resetsAt && { until: resetsAt }) }];
}

const receivers = {
  history: "the Conversation Service",
  webhook: "the receiver of webhooks",
  status: "receivers of status callbacks",
} as const;

/** How what was given up is delivered again. */
const again = {
  history: {
    why: "What was given up is kept. Once the service works, resend it with Resend history on the page of the tenant.",
    href: "/console/tenants",
  },
  webhook: { why: "They are kept. Once the receiver works: message-sender webhooks forward.", href: "#deliveries" },
  status: { why: "They are kept. Once the receiver works: message-sender callbacks replay.", href: "#deliveries" },
} as const;

function ofDeliveries(backlog: BacklogMeasure | undefined): readonly Attention[] {
  if (!backlog) return [];
  return (["history", "webhook", "status"] as const).flatMap((topic) => {
    const { waiting, dead } = backlog.outbox[topic];
    const name = receivers[topic];
    const late: Attention = {
      tone: "warn",
      what: `Deliveries to ${name} are late`,
      why: `${countText(waiting.count, mostCounted)} wait, the oldest for ${roughDuration(waiting.oldestMs)}. They are repeated.`,
      href: "#deliveries",
    };
    const given: Attention = {
      tone: "bad",
      what: `${countText(dead, mostCounted)} ${dead === 1 ? "delivery to" : "deliveries to"} ${name} ${dead === 1 ? "was" : "were"} given up`,
      ...again[topic],
    };
    return [...(dead > 0 ? [given] : []), ...(waiting.oldestMs > lateMs ? [late] : [])];
  });
}

function ofFailures(hour: Hour | undefined): readonly Attention[] {
  if (!hour) return [];
  const recent = (name: string) => hour.total(name, recentSlots);
  const all = hour.names("ended:").reduce((sum, name) => sum + recent(name), 0);
  const failed = hour.failures().map((name) => [name, recent(name)] as const);
  const bad = failed.reduce((sum, [, count]) => sum + count, 0);
  if (all < 20 || bad / all < 0.05) return [];
  const reasons = failed
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${countText(count)} ${endingWords(name)}`);
  const what = `${percentText(bad / all)} of the messages of the last ten minutes were not sent`;
  return [{ tone: "bad", what, why: `${reasons.join(", ")}.`, href: messagesHref({ status: "failed" }) }];
}

function ofQueue(lines: readonly QueuedOutlet[]): readonly Attention[] {
  const late = lines.filter(({ dueForMs, isPaused }) => dueForMs > lateMs && !isPaused);
  const [first] = late.toSorted((a, b) => b.dueForMs - a.dueForMs);
  if (!first) return [];
  const what = `Queued messages of ${late.length === 1 ? first.outletId : `${late.length} outlets`} are late`;
  const why = `The oldest has been due for ${roughDuration(first.dueForMs)}: ${first.reason}`;
  return [{ tone: "warn", what, why, href: "#queue" }];
}
