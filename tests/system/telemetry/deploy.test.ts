import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { root } from "../../../tools/readmes/examples.ts";
import { startBusyService } from "../../support/busy-service.ts";
import { type Metric, parseMetrics } from "../../support/metrics-text.ts";

interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
}

const textOf = (file: string) => readFile(join(root, file), "utf8");
const rules = (parse(await textOf("deploy/prometheus/alerts.yml")) as Rules).groups.flatMap((group) => group.rules);
const ruleTests = parse(await textOf("deploy/prometheus/alerts.test.yml")) as {
  readonly tests: readonly {
    readonly alert_rule_test: readonly [{ readonly alertname: string; readonly exp_alerts: readonly object[] }];
  }[];
};
const { panels } = JSON.parse(await textOf("deploy/grafana/message-sender.json")) as Dashboard;
const document = await textOf("docs/operate.md");

let metrics: ReadonlyMap<string, Metric>;
let labelsOf: (name: string) => readonly string[];
beforeAll(async () => {
  const ends: (() => Promise<void>)[] = [];
  const service = await startBusyService((end) => void ends.push(end));
  metrics = parseMetrics(await service.metrics());
  const labels = new Map([...metrics.keys()].map((name) => [name, service.labelsOf(name)]));
  labelsOf = (name) => labels.get(name) ?? [];
  for (const end of ends) await end();
});

const functions = new Set(["sum", "rate", "increase", "max", "min", "count", "by", "and", "histogram_quantile"]);
/** Prometheus adds them to each series, or has them itself. */
const ofPrometheus = new Set(["job", "instance", "up", "le"]);

/** What an expression names that a server does not have. */
function unknownIn(expression: string): readonly string[] {
  const withoutTexts = expression.replaceAll(/"[^"]*"/g, '""').replaceAll(/\[[^\]]*\]/g, "");
  const seriesNames = [...withoutTexts.matchAll(/(?<![\w$])[a-z]\w+(?=\{|\)|\s|$)/g)]
    .map(([name]) => name)
    .filter((name) => name.includes("_") && name !== "histogram_quantile");
  const named = [...metrics.values()].filter(({ seriesNames: ofMetric }) =>
    ofMetric.some((name) => seriesNames.includes(name)),
  );
  const known = new Set(named.flatMap((metric) => metric.seriesNames));
  const labels = [...withoutTexts.matchAll(/(\w+)(?:=~|!=|=)""/g), ...withoutTexts.matchAll(/by \(([^)]*)\)/g)]
    .flatMap(([, names = ""]) => names.split(/,\s*/))
    .filter((label) => label !== "" && !ofPrometheus.has(label) && !functions.has(label));
  return [
    ...seriesNames.filter((name) => !known.has(name) && !ofPrometheus.has(name) && !labels.includes(name)),
    ...labels.filter((label) => !named.some(({ name }) => labelsOf(name).includes(label))),
  ];
}

describe("an expression", () => {
  it.each([
    ["sum(rate(message_sender_lost_total[5m]))", ["message_sender_lost_total"]],
    ['message_sender_numbers{state="open"} > 0', ["state"]],
    ["sum by (tenant) (message_sender_numbers)", ["tenant"]],
    ['sum by (condition) (message_sender_numbers{job=~"$job"}) > 0', []],
    ["sum by (le) (rate(message_sender_store_batch_calls_bucket[5m]))", []],
  ])("%s: unknown is %j", (expression, unknown) => {
    expect(unknownIn(expression)).toEqual(unknown);
  });
});

describe("the alert rules", () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))("%s names only what a server has", (_, { expr }) => {
    expect(unknownIn(expr)).toEqual([]);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))("%s has a section that says what to do", (alert, rule) => {
    expect(rule.annotations.runbook).toBe(`docs/operate.md#${alert.toLowerCase()}`);
    const [, section = ""] = new RegExp(`^### ${alert}\\n\\n([^#]+)`, "m").exec(document) ?? [];
    expect(section.length).toBeGreaterThan(80);
    expect(["page", "ticket"]).toContain(rule.labels.severity);
    expect(rule.annotations.summary).not.toBe("");
  });

  it("are the ones that the document has, and each has a test that raises it and one that does not", () => {
    const names = rules.map(({ alert }) => alert);
    expect([...document.matchAll(/^### (MessageSender\w+)$/gm)].map(([, name]) => name)).toEqual(names);
    const tests = ruleTests.tests.map(({ alert_rule_test: [test] }) => [test.alertname, test.exp_alerts.length]);
    expect(tests).toEqual(
      names.flatMap((name) => [
        [name, 1],
        [name, 0],
      ]),
    );
  });
});

describe("the dashboard", () => {
  const expressions = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));

  it.each(expressions)("%s names only what a server has: %s", (_, expr) => {
    expect(unknownIn(expr)).toEqual([]);
  });

  it("shows each metric of ours", () => {
    const shown = expressions.map(([, expr]) => expr).join("\n");
    const ours = [...metrics.values()].filter(({ name }) => name.startsWith("message_sender_"));
    expect(ours.filter(({ name }) => !shown.includes(name)).map(({ name }) => name)).toEqual([]);
  });

  it("has the panels that the document names", () => {
    const alerts = document.slice(document.indexOf("## Alerts"));
    const named = [...alerts.matchAll(/"([A-Z][^"]+)"/g)].map(([, title = ""]) => title.replaceAll("\n", " "));
    const titles = new Set(panels.map(({ title }) => title));
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((title) => !titles.has(title))).toEqual([]);
  });
});

it("docs/operate.md has a row for each metric, with its type and its labels", () => {
  const rows = new Map(
    [...document.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \|(.*)$/gm)].map(([, name = "", ...rest]) => [
      name,
      rest,
    ]),
  );
  expect([...rows.keys()].toSorted()).toEqual([...metrics.keys()].toSorted());
  for (const { name, type } of metrics.values()) {
    const [documentedType, text = ""] = rows.get(name) ?? [];
    expect([name, documentedType]).toEqual([name, type]);
    if (name !== "nodejs_version_info")
      for (const label of labelsOf(name)) expect(text, name).toContain(`\`${label}\``);
  }
});
