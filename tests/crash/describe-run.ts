import { median, type RunReport } from "./driver/report.ts";
import { exchangesOf } from "./exchanges.ts";
import type { Facts, Violation } from "./facts.ts";
import { queueDelays } from "./queue-delays.ts";
import { statusOf } from "./stored-message.ts";

const shownOfEachRule = 5;

/** Summarizes a run in a few lines. */
export function describeRun(report: RunReport, facts: Facts, violations: readonly Violation[]): string {
  const kills = [...report.kills].toSorted(([one], [other]) => one.localeCompare(other));
  const exchanges = [...exchangesOf(facts.oracle).values()];
  const callbacks = facts.oracle.filter((event) => event.kind === "callback");
  const requests = exchanges.flat().length;
  return [
    `${report.name}: ${sum(kills.map(([, count]) => count))} kills`,
    ...kills.map(([point, count]) => `  ${String(count).padStart(4)}  ${point}`),
    `${facts.messages.length} messages: ${tally(facts.messages.map(statusOf))}`,
    `${requests} requests at the oracle, ${requests - exchanges.length} retries after: ${tally(repeatReasons(facts))}`,
    `${callbacks.length} status callbacks, of which the receiver took ${callbacks.filter(({ isTaken }) => isTaken).length}`,
    `ready after ${spread(report.readyMs)}; with nothing to recover after ${spread(report.emptyReadyMs)}`,
    `queued messages of killed processes began ${spread(queueDelays(facts))} after the next start`,
    violations.length === 0 ? "passed" : `${violations.length} violations`,
    ...shown(violations),
    "",
  ].join("\n");
}

function spread(times: readonly number[]): string {
  if (times.length === 0) return "never";
  return `${median(times).toFixed(0)} ms in the median, ${Math.max(...times).toFixed(0)} ms at most`;
}

/** The outcomes that led to a retry. */
function repeatReasons({ oracle, messages }: Facts): string[] {
  const byMessage = exchangesOf(oracle);
  return messages.flatMap(({ id, attempts }) =>
    (byMessage.get(id) ?? []).slice(1).map(({ attempt }) => attempts[attempt - 2]?.ended?.outcome.kind ?? "nothing"),
  );
}

function shown(violations: readonly Violation[]): string[] {
  const rules = new Set(violations.map(({ rule }) => rule));
  return [...rules].flatMap((name) => {
    const found = violations.filter(({ rule }) => rule === name);
    const lines = found
      .slice(0, shownOfEachRule)
      .flatMap(({ what, evidence }) => [`  ${name}: ${what}`, ...evidence.map((one) => `    ${JSON.stringify(one)}`)]);
    const more = found.length - shownOfEachRule;
    return more > 0 ? [...lines, `  ${name}: ${more} more`] : lines;
  });
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(", ") || "none";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
