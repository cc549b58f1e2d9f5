import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { createService } from "@message-sender/server";
import { exitCode } from "@message-sender/server/process";
import { createProcessRegistry } from "@message-sender/server/run";
import { readSettings, settingTexts } from "@message-sender/server/settings";
import { parse } from "yaml";

// The program itself, not a library: only its tests call it so.
// oxlint-disable-next-line no-restricted-imports
import { createProgram } from "../../../../packages/cli/src/program.ts";
import { leavesOf } from "../../../../tools/commands-page/commands-page.ts";
import { loggedFields } from "../../../../tools/log-fields/log-fields.ts";
import { root } from "../../../../tools/readmes/examples.ts";
import { wholeDocument } from "../../../support/openapi/whole-document.ts";

// What the code has that the documents have to describe.

export const settings = Object.keys(settingTexts(readSettings({})._unsafeUnwrap()));

const leaves = leavesOf(createProgram());
export const commands = leaves.map(({ path }) => path);

/** Each argument and option, behind its command. */
export const commandParts = leaves.flatMap(({ path, command }) => [
  ...command.registeredArguments.map((argument) => `${path} ${argument.name()}`),
  ...command.options.filter(({ hidden }) => !hidden).map((option) => `${path} ${option.long}`),
]);

export const exitCodes = Object.values(exitCode).map(String);

const document = await wholeDocument<OpenApi>();

/** Each route, with the scope that it needs. */
export const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(
    ([method, { security }]) => `${method.toUpperCase()} ${path}: ${security[0]?.apiKey[0] ?? "open"}`,
  ),
);

/** Each type, with its HTTP status. */
export const problems = [
  ...new Set(
    Object.values(document.paths)
      .flatMap((operations) => Object.values(operations))
      .flatMap(({ responses }) => Object.values(responses))
      .flatMap(({ content }) => Object.values(content["application/problem+json"]?.examples ?? {}))
      .map(({ value: { type, status } }) => `${status} ${type}`),
  ),
];

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly security: readonly { readonly apiKey: readonly string[] }[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, Content>> }>>;
}
interface Content {
  readonly examples?: Readonly<Record<string, { readonly value: { readonly type: string; readonly status: number } }>>;
}

export const metrics = await metricNames();

async function metricNames(): Promise<readonly string[]> {
  const registry = createProcessRegistry();
  const service = await createService({ databaseUrl: "memory:", tenants: {}, metrics: registry });
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  await service.close();
  return names;
}

const { groups } = parse(await readFile(join(root, "deploy/prometheus/alerts.yml"), "utf8")) as {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string }[] }[];
};
export const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));

export const logFields = [...(await loggedFields())];
