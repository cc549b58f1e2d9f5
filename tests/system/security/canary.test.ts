import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";

import { Secret, text } from "@message-sender/core";
import {
  createGraphTransport,
  createServiceClient,
  createTenantServiceCredentials,
  createWebhookForwarding,
} from "@message-sender/http-adapter/outbound";
import { describe, expect, it, onTestFinished } from "vitest";

import {
  type CanaryServer,
  named,
  orderOf,
  plant,
  type Plants,
  startCanaryServer,
} from "../../support/canary-server.ts";
import { runCanaryTraffic } from "../../support/canary-traffic.ts";
import { runInProcess } from "../../support/command-in-process.ts";
import { allRows } from "../../support/all-rows.ts";
import { usePostgres } from "../../support/postgres.ts";
import { type RecordedSpans, recordSpans } from "../../support/recorded-spans.ts";
import { outlet, tenant } from "../../support/running-service.ts";
import { type Planted, tracesOf } from "../../support/traces-of.ts";

const postgres = usePostgres();

/** A store, and everything that it has written. */
interface CanaryStore {
  readonly databaseUrl: string;
  dump(): Promise<string>;
}

async function sqliteStore(): Promise<CanaryStore> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-canary-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const dump = async () => {
    const files = await readdir(folder);
    return (await Promise.all(files.map((file) => readFile(join(folder, file), "latin1")))).join("\n");
  };
  return { databaseUrl: `sqlite:${join(folder, "store.db")}`, dump };
}

async function postgresStore(): Promise<CanaryStore> {
  return { databaseUrl: postgres.url, dump: () => allRows(postgres.url) };
}

const deeply = (value: unknown) =>
  inspect(value, { depth: Infinity, showHidden: true, maxArrayLength: null, maxStringLength: null });

function spansText(spans: RecordedSpans): string {
  return deeply(
    spans.all().map(({ name, attributes, events, links, status, resource }) => ({
      name,
      attributes,
      events,
      links,
      status,
      resource: resource.attributes,
    })),
  );
}

/** What the commands of an operator print. */
async function printed({ url, key, variables, sandbox }: CanaryServer, ids: readonly string[]): Promise<string> {
  const environment = {
    ...variables,
    MESSAGE_SENDER_URL: url,
    MESSAGE_SENDER_API_KEY: key,
    GRAPH_API_URL: sandbox.graphUrl,
    TENANT_SERVICE_URL: sandbox.tenantUrl,
  };
  const commands = [
    ["config"],
    ["doctor"],
    ...ids.slice(0, 3).flatMap((id) => [
      ["explain", id],
      ["status", id],
    ]),
  ];
  const outputs = await Promise.all(
    commands.map((args) => runInProcess(args, environment).catch((error: { stdout: string; stderr: string }) => error)),
  );
  return outputs.map(({ stdout, stderr }) => stdout + stderr).join("\n");
}

/** The ports with secrets in them, and the errors of calls that fail in every way. */
async function inspected({ service, sandbox }: CanaryServer, plants: Plants): Promise<string> {
  const { secrets, numbers, contents } = plants;
  const client = createServiceClient({ url: sandbox.tenantUrl, token: new Secret(secrets.serviceToken) });
  const credentials = createTenantServiceCredentials(client);
  const credential = (await credentials.lookup({ tenantId: tenant, outletId: outlet }))._unsafeUnwrap();
  const transport = createGraphTransport({ url: "http://127.0.0.1:9" });
  const submission = { credential, to: `+${numbers.recipient}`, content: text(contents.text), callbackData: "ms1:m:1" };
  const submitted = await transport.submit(submission, 1000);
  const forwarder = createWebhookForwarding({ url: "http://127.0.0.1:9/", secret: new Secret(secrets.callbackSecret) });
  const forwarded = await forwarder.forward({ id: "1", receivedAt: new Date(), body: contents.answer });
  const unauthorized = createServiceClient({ url: sandbox.tenantUrl, token: new Secret(secrets.verifyToken) });
  const refused = await createTenantServiceCredentials(unauthorized).lookup({ tenantId: tenant, outletId: outlet });
  for (const closing of [client, transport, forwarder, unauthorized]) await closing.close();
  const parts = {
    service,
    sender: service.sender,
    app: service.app,
    client,
    credentials,
    credential,
    transport,
    forwarder,
  };
  return deeply({ parts, results: [submitted, forwarded, refused] });
}

/** What was found where it must not be. */
function leaksOf(channels: Readonly<Record<string, string>>, planted: readonly Planted[]): readonly string[] {
  return Object.entries(channels).flatMap(([channel, seen]) =>
    tracesOf(planted, seen).map((name) => `${name} in ${channel}`),
  );
}

describe.each([
  ["SQLite", sqliteStore],
  ["PostgreSQL", postgresStore],
])("on %s", (_, openStore) => {
  it(
    "secrets are nowhere; content and numbers are in no log, metric, span or problem",
    { timeout: 300_000 },
    async () => {
      const plants = plant();
      const { databaseUrl, dump } = await openStore();
      const spans = recordSpans();
      const server = await startCanaryServer(plants, { DATABASE_URL: databaseUrl });
      const ids = await runCanaryTraffic(server, plants);
      const commands = await printed(server, ids);
      const values = await inspected(server, plants);
      const metrics = await server.metrics.metrics();
      await server.close();
      const channels = {
        log: server.log.join(""),
        metrics,
        spans: spansText(spans),
        problems: server.problems.join("\n"),
      };
      const others = {
        forwarded: server.received.join("\n"),
        callbacks: server.statusEvents.join("\n"),
        database: await dump(),
        commands,
        values,
      };

      const secrets = named({ ...plants.secrets, apiKey: server.key });
      const personal = named({ ...plants.contents, ...plants.numbers });
      expect(leaksOf({ ...channels, ...others }, secrets)).toEqual([]);
      expect(leaksOf(channels, personal)).toEqual([]);

      // Each channel was searched: what belongs into it is found by the same search.
      const [id = ""] = ids;
      const found = {
        log: tracesOf(named({ id, masked: "•••5432", failed: "history rejected permanently" }), channels.log),
        metrics: tracesOf(named({ sent: 'outcome="sent"', code: 'code="131026"' }), metrics),
        spans: tracesOf(named({ id, attempt: "message_sender.attempt", code: "131026" }), channels.spans),
        problems: tracesOf(
          named({ rejected: "/problems/message-rejected", key: "/problems/unauthenticated" }),
          channels.problems,
        ),
        forwarded: tracesOf(
          named({ answer: plants.contents.answer, number: plants.numbers.customer }),
          others.forwarded,
        ),
        callbacks: tracesOf(named({ id, status: '"status":"sent"' }), others.callbacks),
        database: tracesOf(named({ text: plants.contents.text, number: plants.numbers.recipient }), others.database),
        commands: tracesOf(named({ setting: "SERVICE_TOKEN=[redacted]", id, checked: "WhatsApp at" }), commands),
        values: tracesOf(named({ secret: "accessToken: [redacted]", refused: "Unavailable" }), values),
      };
      expect(found).toEqual({
        log: ["id", "masked", "failed"],
        metrics: ["sent", "code"],
        spans: ["id", "attempt", "code"],
        problems: ["rejected", "key"],
        forwarded: ["answer", "number"],
        callbacks: ["id", "status"],
        database: ["text", "number"],
        commands: ["setting", "id", "checked"],
        values: ["secret", "refused"],
      });
      expect(orderOf(plants).to).toContain(plants.numbers.recipient);
    },
  );
});

it.each([
  ["in clear", (secret: string) => `x ${secret} y`],
  ["in base64 within a longer text", (secret: string) => Buffer.from(`Bearer ${secret}!`).toString("base64")],
  ["in hexadecimal", (secret: string) => Buffer.from(secret).toString("hex").toUpperCase()],
  ["percent-encoded", (secret: string) => encodeURIComponent(secret)],
  ["over lines of JSON", (secret: string) => JSON.stringify(secret.replace(/.{5}/g, "$&\n"))],
])("the search finds a secret %s", (_, spell) => {
  const { secrets } = plant();
  for (const [name, value] of Object.entries(secrets)) {
    expect(tracesOf(named({ [name]: value }), spell(value))).toEqual([name]);
    expect(tracesOf(named({ [name]: value }), spell(value.slice(0, -4)))).toEqual([]);
  }
});
