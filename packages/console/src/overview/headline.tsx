import { Badge, Time } from "@message-sender/pages";

import { messagesHref } from "../frame/links.ts";
import { roughDuration } from "../words/duration.ts";
import { countText } from "../words/figures.ts";
import { type Attention, attentionOf } from "./attention.ts";
import { mostCounted, type Overview } from "./overview-facts.ts";

/** Whether all is well, in a line; and what is not, each with its reason. */
export function Headline({ overview }: { overview: Overview }) {
  const found = attentionOf({
    ...overview,
    overload: Math.max(0, ...overview.processes.map(({ overload }) => overload)),
    lines: overview.queue?.outlets ?? [],
  });
  const worst = found[0]?.tone;
  const shown = found.slice(0, mostShown);
  return (
    <section class={`headline ${worst ?? "good"}`} aria-label="Health">
      <p class="headline-line" role="status">
        <span class="headline-dot" aria-hidden="true" />
        <strong>{found.length === 0 ? "All is well" : wordOf(found)}</strong>
      </p>
      {shown.length > 0 && (
        <ul class="attention">
          {shown.map((one) => (
            <AttentionLine of={one} />
          ))}
        </ul>
      )}
      {found.length > mostShown && <p class="muted">{`And ${countText(found.length - mostShown)} more.`}</p>}
    </section>
  );
}

const mostShown = 12;

function wordOf(found: readonly Attention[]): string {
  const bad = found.filter(({ tone }) => tone === "bad").length;
  if (bad > 0) return bad === 1 ? "One thing needs you" : `${countText(bad)} things need you`;
  return found.length === 1
    ? "It works, and one thing is held up"
    : `It works, and ${countText(found.length)} things are held up`;
}

function AttentionLine({ of: { tone, what, why, href, until, next } }: { of: Attention }) {
  return (
    <li>
      <Badge tone={tone}>{tone === "bad" ? "Now" : "Held"}</Badge>
      <span>
        {href === undefined ? <strong>{what}</strong> : <a href={href}>{what}</a>}
        <span class="why">
          {why}
          {until && (
            <>
              {next === undefined
                ? why.endsWith(".")
                  ? " Until "
                  : ", until "
                : `${why.endsWith(".") ? "" : "."} ${next} `}
              <Time at={until} />.
            </>
          )}
        </span>
      </span>
    </li>
  );
}

/** The figures that one looks at first, each with the messages behind it. */
export function Figures({ overview }: { overview: Overview }) {
  const { hour, tenantHour, queue, now } = overview;
  const since = new Date(now.getTime() - 3_600_000);
  const lines = queue?.outlets ?? [];
  const waiting = lines.reduce((sum, { open }) => sum + open, 0);
  const oldestMs = Math.max(0, ...lines.map(({ dueForMs }) => dueForMs));
  const p95 = hour?.percentile("send", 0.95);
  const status = (...names: readonly ("sent" | "delivered" | "read" | "failed" | "unknown")[]) =>
    names.reduce((sum, name) => sum + (tenantHour?.statuses.get(name) ?? 0), 0);
  const ended = (names: readonly string[]) => names.reduce((sum, name) => sum + (hour?.total(name) ?? 0), 0);
  const failures = hour?.failures() ?? [];
  const isMeasured = hour !== undefined || tenantHour !== undefined;
  const more = tenantHour && !tenantHour.isComplete ? "+" : "";
  const figures: readonly Figure[] = [
    {
      label: "Sent",
      value: countText(hour ? hour.total("ended:sent") : status("sent", "delivered", "read")) + more,
      href: messagesHref({ since }),
    },
    {
      label: "Not sent",
      value: countText(hour ? ended(failures) : status("failed")) + more,
      href: messagesHref({ status: "failed", since }),
      isBad: hour ? ended(failures) > 0 : status("failed") > 0,
    },
    {
      label: "Unknown",
      value: countText(hour ? hour.total("unknown") : status("unknown")) + more,
      href: messagesHref({ status: "unknown", since }),
      isBad: (hour ? hour.total("unknown") : status("unknown")) > 0,
    },
    {
      label: "Read",
      value: countText(hour ? hour.total("status:read") : status("read")) + more,
      href: messagesHref({ status: "read", since }),
    },
    ...(hour ? [{ label: "Send, p95", value: p95 === undefined ? "–" : roughDuration(p95) }] : []),
  ];
  return (
    <dl class="figures">
      {(isMeasured ? figures : []).map((figure) => (
        <FigureTile of={{ ...figure, note: "last hour" }} />
      ))}
      <FigureTile
        of={{
          label: "In the queue",
          value: countText(waiting, mostCounted),
          note: oldestMs > 0 ? `oldest due ${roughDuration(oldestMs)}` : "none is late",
          href: messagesHref({ status: "queued" }),
        }}
      />
    </dl>
  );
}

interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  readonly href?: string;
  readonly isBad?: boolean;
}

function FigureTile({ of: { label, value, note, href, isBad } }: { of: Figure }) {
  return (
    <div class={isBad ? "figure bad" : "figure"}>
      <dt>{label}</dt>
      <dd>
        {href === undefined ? (
          <span class="figure-value">{value}</span>
        ) : (
          <a class="figure-value" href={href}>
            {value}
          </a>
        )}
        {note !== undefined && <span class="figure-note">{note}</span>}
      </dd>
    </div>
  );
}
