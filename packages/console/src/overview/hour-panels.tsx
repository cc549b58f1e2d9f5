import type { MessageStatus } from "@message-sender/core";
import { EmptyState, Panel } from "@message-sender/pages";

import { messagesHref } from "../frame/links.ts";
import { roughDuration } from "../words/duration.ts";
import { countText } from "../words/figures.ts";
import { outcomeWords, type Hour } from "./hour.ts";
import { byMinutes, highestByMinutes, Plot } from "./plots.tsx";

const sent = "ended:sent";

/** How many messages ended in each way, over the last hour. */
export function ThroughputPanel({ hour, processes }: { hour: Hour; processes: number }) {
  const failures = hour.failures();
  const failed = failures
    .map((name) => hour.counts(name))
    .reduce(
      (sum, counts) => sum.map((count, index) => count + (counts[index] ?? 0)),
      hour.times.map(() => 0),
    );
  const lines = [
    { label: "Accepted", tone: "--info", values: hour.counts("accepted") },
    { label: "Sent", tone: "--good", values: hour.counts(sent) },
    { label: "Not sent", tone: "--bad", values: failed },
  ];
  const reasons = failures.filter((name) => hour.total(name) > 0);
  return (
    <Panel title="Throughput" note="Messages in each ten seconds of the last hour">
      <p class="note">
        {`Of all tenants, in this server's ${processes === 1 ? "one process" : `${processes} processes`}. `}
        Servers on other machines and <code>message-sender work</code> are not in it.
      </p>
      <Plot
        title="Throughput"
        unit="count"
        hour={hour}
        lines={lines}
        minutes={lines.map((line) => ({ ...line, values: byMinutes(line.values) }))}
      />
      {reasons.length > 0 && (
        <p class="reasons">
          <span class="muted">Not sent: </span>
          {reasons.map((name) => (
            <a href={messagesHref({ status: statusAfter(name), since: new Date(hour.times[0] ?? 0) })}>
              {`${countText(hour.total(name))} ${outcomeWords(name)}`}
            </a>
          ))}
        </p>
      )}
    </Panel>
  );
}

/** The status of messages that ended so. Held ones may have been sent. */
function statusAfter(name: string): MessageStatus {
  if (name === "ended:held") return "unknown";
  return name === "ended:expired" ? "expired" : "failed";
}

/** How long sends and WhatsApp's answers took, over the last hour. */
export function LatencyPanel({ hour }: { hour: Hour }) {
  const lines = [
    { label: "Send, p95", tone: "--info", values: hour.percentiles("send", 0.95) },
    { label: "Send, median", tone: "--good", values: hour.percentiles("send", 0.5) },
    { label: "WhatsApp, p95", tone: "--warn", values: hour.percentiles("whatsapp", 0.95) },
  ];
  const shown = (name: string, share: number) => {
    const ms = hour.percentile(name, share);
    return ms === undefined ? "–" : roughDuration(ms);
  };
  return (
    <Panel title="Latency" note="From the call to its answer; of these, WhatsApp's answers to attempts">
      <Plot
        title="Latency"
        unit="ms"
        hour={hour}
        lines={lines}
        minutes={lines.map((line) => ({ ...line, values: highestByMinutes(line.values) }))}
      />
      <dl class="inline-facts">
        {(["send", "whatsapp", "queue", "history"] as const).map((name) => (
          <div>
            <dt>{latencies[name]}</dt>
            <dd>
              {`${shown(name, 0.5)} · ${shown(name, 0.95)} · ${shown(name, 0.99)}`}
              <span class="hidden"> median, 95th and 99th percentile</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const latencies = {
  send: "Sends",
  whatsapp: "WhatsApp",
  queue: "From the queue",
  history: "To the history",
} as const;

/** For whoever sees some tenants alone. */
export function NoPlots() {
  return (
    <p class="note">
      No plots are drawn for some tenants alone: metrics do not tell tenants apart. The figures are counted from the
      messages themselves.
    </p>
  );
}

/** Where nothing is measured. */
export function NoHour() {
  return (
    <Panel title="The last hour">
      <EmptyState title="Nothing is measured">
        <p>
          This service has no metrics. Pass it a registry as <code>metrics</code>, and the last hour is shown here.
        </p>
      </EmptyState>
    </Panel>
  );
}
