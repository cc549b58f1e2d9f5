import { Badge, type Tone } from "@message-sender/pages";

import type { NumberFacts } from "@message-sender/http-adapter/inbound";
import type { NumberUnknown } from "../service/service-view.ts";

/** What WhatsApp says about a number, or why it says nothing. Undefined while it is being asked. */
export type NumberHealth = NumberFacts | NumberUnknown | undefined;

/** Whether WhatsApp accepts the outlet's token, as far as anybody knows. */
export function TokenBadge({ health, credential }: { health: NumberHealth; credential: string }) {
  if (credential === "unknown") return <Badge tone="bad">No such outlet</Badge>;
  if (credential === "refused") return <Badge tone="bad">Refused</Badge>;
  if (!health) return <Badge>Being asked</Badge>;
  if (!("kind" in health)) return <Badge tone="good">Works</Badge>;
  switch (health.kind) {
    case "TokenRefused":
      return (
        <>
          <Badge tone="bad">Refused</Badge>
          {health.reason !== undefined && <span class="under">{health.reason}</span>}
        </>
      );
    case "OutletUnknown":
      return <Badge tone="bad">No such outlet</Badge>;
    case "NotAtMeta":
      return <Badge>Not at Meta</Badge>;
    case "Unavailable":
      return (
        <>
          <Badge tone="warn">Not known</Badge>
          {health.reason !== undefined && <span class="under">{health.reason}</span>}
        </>
      );
  }
}

const tones: Readonly<Record<string, Tone>> = { GREEN: "good", YELLOW: "warn", RED: "bad" };
const words: Readonly<Record<string, string>> = { GREEN: "High", YELLOW: "Medium", RED: "Low", UNKNOWN: "Unknown" };

/** The quality of a number as recipients rate it (Cloud API, "Phone number quality rating"). */
export function QualityBadge({ health }: { health: NumberHealth }) {
  const rating = health && "kind" in health ? undefined : health?.qualityRating;
  if (rating === undefined) return <span class="muted">–</span>;
  return <Badge tone={tones[rating] ?? "neutral"}>{words[rating] ?? rating}</Badge>;
}

/** `TIER_2K` becomes `2,000 customers a day`. */
export function limitText(health: NumberHealth): string {
  const limit = health && "kind" in health ? undefined : health?.messagingLimit;
  if (limit === undefined) return "–";
  const [, digits, thousands] = /^TIER_(\d+)(K?)$/.exec(limit) ?? [];
  if (limit === "TIER_UNLIMITED") return "Unlimited";
  if (digits === undefined) return limit;
  return `${(Number(digits) * (thousands === "K" ? 1000 : 1)).toLocaleString("en-US")} customers a day`;
}

/** A number's state, where it is not the usual one. */
export function stateText(health: NumberHealth): string | undefined {
  const status = health && "kind" in health ? undefined : health?.status;
  return status === undefined || status === "CONNECTED" ? undefined : status.toLowerCase().replaceAll("_", " ");
}
