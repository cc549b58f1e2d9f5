import { existsSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { supportedErrorCodes } from "../graph/graph-error.ts";
import { supportedInteractiveTypes } from "../graph/messages/interactive.ts";
import { supportedMessageTypes } from "../graph/messages/message.ts";
import { supportedTemplateButtons } from "../graph/messages/template-button.ts";
import { supportedTemplateComponents } from "../graph/messages/template.ts";
import { routeOf } from "../graph/objects/operation.ts";
import { createServices } from "../sandbox/services.ts";
import type { CoveredFeatures } from "./coverage-entry.ts";
import { coverage } from "./coverage.ts";

const { graph, tenant, conversation, callbacks, control } = createServices({});
const services = {
  tenant: tenant.app,
  conversation: conversation.app,
  callbacks: callbacks.app,
  control,
};
const ofServices = Object.entries(services).flatMap(([service, app]) =>
  app.routes.map(({ method, path }) => `${service} ${method} ${path}`),
);
const registered = [...ofServices, ...graph.operations().map((operation) => `graph ${routeOf(operation)}`)];
const working = coverage.filter(({ status }) => status !== "planned");

test("every route is in the matrix, and every supported entry has a route", () => {
  const covered = new Set(working.map(({ service, route }) => `${service} ${route}`));
  expect([...covered].toSorted()).toEqual([...new Set(registered)].toSorted());
});

test("the control API lists its own routes", async () => {
  const { control: listed } = (await (await control.request("/__emulator")).json()) as { control: string[] };
  expect(listed.toSorted()).toEqual(control.routes.map(({ method, path }) => `${method} ${path}`).toSorted());
});

test.each(working)(
  "$service: $operation is tested in the files that the matrix names",
  ({ operation, route, testedBy }) => {
    expect(testedBy).not.toEqual([]);
    for (const file of testedBy) {
      const url = new URL(`../${file}`, import.meta.url);
      expect(existsSync(url), file).toBe(true);
      const source = readFileSync(url, "utf8").toLowerCase();
      expect(source.includes(operation.toLowerCase()) || source.includes(route.toLowerCase()), file).toBe(true);
    }
  },
);

test.each([
  ["messageTypes", supportedMessageTypes],
  ["interactiveTypes", supportedInteractiveTypes],
  ["templateComponents", supportedTemplateComponents],
  ["templateButtons", supportedTemplateButtons],
  ["errorCodes", supportedErrorCodes],
] satisfies [keyof CoveredFeatures, readonly unknown[]][])(
  "the matrix covers all %s, and no others",
  (what, supported) => {
    const covered = working.flatMap(({ covers }): readonly unknown[] => covers?.[what] ?? []);
    expect(new Set(covered)).toEqual(new Set<unknown>(supported));
  },
);

test("the matrix lists no operation twice", () => {
  const operations = coverage.map(({ service, operation }) => `${service} ${operation}`);
  expect(operations.filter((one, at) => operations.indexOf(one) !== at)).toEqual([]);
});

test("planned operations name no tests", () => {
  expect(coverage.filter(({ status, testedBy }) => status === "planned" && testedBy.length > 0)).toEqual([]);
});
