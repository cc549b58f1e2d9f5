import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configure, overrides, rooms } from "../../oxlint.config.ts";

interface Boundary {
  promise: string;
  file: string;
  refused: readonly string[];
  allowed: readonly string[];
  rule?: string;
}

const root = join(import.meta.dirname, "../..");
const importsRule = "eslint(no-restricted-imports)";
const imports = (...names: string[]) => names.map((name) => `import "${name}";`);

const container = ["tsyringe", "tsyringe/x", "reflect-metadata", "reflect-metadata/lite"];
const cli = ["@message-sender/cli", "@message-sender/cli/package.json"];

/** The folders of the use cases, in their order: each uses those before it that it names. */
const useCaseFolders: Readonly<Record<string, readonly string[]>> = {
  outbox: [],
  accept: ["outbox"],
  credentials: [],
  quota: [],
  templates: [],
  pauses: ["accept"],
  attempt: ["credentials", "outbox", "pauses", "templates"],
  requests: ["accept", "attempt", "credentials"],
  webhooks: ["attempt", "accept", "list", "pauses", "templates"],
  send: ["accept", "attempt", "credentials", "pauses", "quota", "templates"],
  queue: ["accept", "attempt", "pauses", "quota", "templates"],
  list: ["accept"],
  bulk: ["accept", "list", "queue"],
  history: ["accept", "attempt", "queue"],
  usage: ["accept", "list"],
  erasure: ["attempt"],
  maintenance: ["attempt", "outbox", "pauses", "queue", "quota"],
};

/** The folders of the emulated Graph, in their order: each uses those before it that it names. */
const graphFoldersOf: Readonly<Record<string, readonly string[]>> = {
  objects: ["access"],
  media: ["access", "objects"],
  numbers: ["access", "objects"],
  accounts: ["access", "objects", "numbers"],
  business: ["access", "objects", "accounts"],
  templates: ["objects", "accounts"],
  flows: ["objects", "accounts"],
  groups: ["objects"],
  history: ["objects", "accounts"],
};

/** The folders of each half of the HTTP adapter, in their order: each uses those before it that it names. */
const httpFoldersOf: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  inbound: {
    problems: [],
    requests: ["problems"],
    access: ["problems", "requests"],
    "api-keys": ["access"],
    bodies: ["problems", "requests"],
    fields: ["problems"],
    routes: ["problems", "requests", "access", "bodies", "fields"],
    usage: ["problems", "requests", "fields", "routes"],
    batch: ["problems", "requests", "access", "bodies", "fields", "routes", "messages", "openapi"],
    changes: ["problems", "requests", "access", "bodies", "fields", "routes", "messages", "openapi"],
    queue: ["problems", "requests", "fields", "routes"],
    pauses: ["problems", "requests", "bodies", "fields", "routes"],
    "kept-webhooks": ["problems", "requests", "access", "bodies", "fields", "routes"],
    messages: ["problems", "requests", "access", "bodies", "fields", "routes"],
    media: ["problems", "requests", "bodies", "fields", "routes"],
    administration: ["problems", "requests", "access", "bodies", "fields", "routes"],
    webhooks: ["problems", "requests", "bodies", "routes"],
    health: ["problems", "requests", "routes"],
    metrics: ["requests", "routes"],
    docs: ["problems", "requests", "access", "routes"],
    openapi: ["problems", "requests", "access", "routes"],
    server: ["problems", "requests", "access", "bodies", "media"],
  },
  outbound: {
    redaction: [],
    http: [],
    graph: ["redaction", "http"],
    callbacks: ["http"],
    services: ["redaction", "http", "callbacks"],
  },
};

/** The folders of the console, in their order: each uses those before it that it names. */
const consoleFoldersOf: Readonly<Record<string, readonly string[]>> = {
  words: [],
  frame: [],
  "sign-in": ["frame"],
  live: ["frame", "sign-in"],
  service: ["words", "frame", "sign-in"],
  messages: ["frame", "sign-in", "live"],
  bulk: ["words", "frame", "sign-in", "messages"],
  journey: ["words", "frame", "sign-in", "live", "messages", "service"],
  sandbox: ["frame", "sign-in", "service"],
  overview: ["words", "frame", "sign-in", "live", "service", "sandbox"],
  tenants: ["words", "frame", "sign-in", "live", "service"],
};

/** The files of one table are linted together, each with its refused lines first and its allowed lines after them. */
const boundaries: readonly Boundary[] = [
  {
    promise: "domain uses content and neverthrow",
    file: "packages/core/src/domain/message.ts",
    refused: [
      ...imports(
        "./explain/explanation.ts",
        "../ports/clock.ts",
        "../index.ts",
        "../../../cli/src/config.ts",
        "zod",
        "node:crypto",
        "hono/cors",
      ),
      `export * from "../use-cases/attempt/attempt.ts";`,
      `export const zod = await import("zod");`,
    ],
    allowed: imports("./failure.ts", "../content/identifiers.ts", "neverthrow"),
  },
  {
    promise: "ports use content, domain and neverthrow's types",
    file: "packages/core/src/ports/history.ts",
    refused: [
      ...imports(
        "../use-cases/attempt/attempt.ts",
        "../lifecycle/semaphore.ts",
        "./store/outbox.ts",
        "zod",
        "node:timers",
      ),
      `import { ok } from "neverthrow";`,
    ],
    allowed: [
      ...imports("./result.ts", "../content/content.ts", "../domain/failure.ts"),
      `import type { Result } from "neverthrow";`,
    ],
  },
  {
    promise: "the ports of a store use the other ports",
    file: "packages/core/src/ports/store/outbox.ts",
    refused: [
      ...imports("../../codecs/message.ts", "../../lifecycle/semaphore.ts", "zod", "node:timers"),
      `import { ok } from "neverthrow";`,
    ],
    allowed: [
      ...imports("./store.ts", "../history.ts", "../../content/content.ts", "../../domain/message.ts"),
      `import type { Result } from "neverthrow";`,
    ],
  },
  {
    promise: "core's values load neither the sender nor the schemas",
    file: "packages/core/src/values.ts",
    refused: imports("./use-cases/message-sender.ts", "./content/text.ts", "./ports/quota.ts", "zod"),
    allowed: imports("./content/identifiers.ts", "./domain/secret.ts", "./use-cases/list/page-size.ts"),
  },
  {
    promise: "the check of messages loads neither Hono nor undici",
    file: "packages/http-adapter/src/messages.ts",
    refused: imports("./inbound/http-app.ts", "./outbound/index.ts", "hono", "undici"),
    allowed: imports("./inbound/batch/batch-message.ts", "./inbound/problems/problem.ts"),
  },
  ...["values", "api-keys"].map((entry) => ({
    promise: `http-adapter's ${entry} load neither Hono nor undici`,
    file: `packages/http-adapter/src/${entry}.ts`,
    refused: imports("./inbound/http-app.ts", "./outbound/index.ts", "hono", "undici"),
    allowed: imports("./inbound/api-keys/manage-keys.ts", "./outbound/http/proxy.ts"),
  })),
  {
    promise: "explanations use domain",
    file: "packages/core/src/domain/explain/explanation.ts",
    refused: imports("../../ports/clock.ts", "neverthrow", "zod"),
    allowed: imports("./describe-conclusion.ts", "../copies.ts"),
  },
  {
    promise: "templates use content",
    file: "packages/core/src/domain/templates/template-problems.ts",
    refused: imports("../message.ts", "../../ports/clock.ts", "neverthrow", "zod"),
    allowed: imports("./wanted-parameters.ts", "../../content/parse-content.ts"),
  },
  ...["lifecycle/semaphore.ts", "time/steady-time.ts", "codecs/message.ts"].map((file) => ({
    promise: `${file.split("/")[0]} uses domain and ports`,
    file: `packages/core/src/${file}`,
    refused: imports(
      "../use-cases/message-sender.ts",
      "../in-memory/index.ts",
      "zod",
      "node:timers",
      "@opentelemetry/api",
    ),
    allowed: imports("./beside.ts", "../domain/message.ts", "../ports/clock.ts"),
  })),
  {
    promise: "the sender composes the use cases",
    file: "packages/core/src/use-cases/message-sender.ts",
    refused: imports("../in-memory/index.ts", "../contracts/index.ts", "../node/index.ts", "../index.ts", "zod"),
    allowed: imports("./send/send-message.ts", "../ports/clock.ts", "../lifecycle/in-flight.ts", "neverthrow"),
  },
  ...useCases(),
  {
    promise: "pacing uses domain, ports, lifecycle, time and neverthrow",
    file: "packages/core/src/pacing/pacer.ts",
    refused: imports("../use-cases/attempt/attempt.ts", "../in-memory/index.ts", "zod", "node:timers"),
    allowed: imports(
      "./rate/rate.ts",
      "../domain/message.ts",
      "../ports/clock.ts",
      "../time/steady-time.ts",
      "../lifecycle/safe-telemetry.ts",
      "neverthrow",
    ),
  },
  {
    promise: "a room of pacing uses pacing, domain, ports, lifecycle, time and neverthrow",
    file: "packages/core/src/pacing/rate/rate.ts",
    refused: imports(
      "../../use-cases/attempt/attempt.ts",
      "../../codecs/message.ts",
      "../../in-memory/index.ts",
      "../../../test/traffic.ts",
      "zod",
      "node:timers",
    ),
    allowed: imports(
      "./usual-time.ts",
      "../hold.ts",
      "../breaker/breaker.ts",
      "../../domain/message.ts",
      "../../ports/clock.ts",
      "../../time/steady-time.ts",
      "neverthrow",
    ),
  },
  {
    promise: "content, the ground floor, uses zod and neverthrow",
    file: "packages/core/src/content/template/template.ts",
    refused: imports("../../domain/message.ts", "../../permits.ts", "../../ports/clock.ts", "node:url"),
    allowed: imports("./template-button.ts", "../link.ts", "../interactive/product.ts", "zod", "neverthrow"),
  },
  {
    promise: "a folder without a row of its own imports nothing",
    file: "packages/core/src/new/file.ts",
    refused: imports("./other.ts", "../content/text.ts", "../domain/message.ts", "neverthrow"),
    allowed: [],
  },
  {
    promise: "in-memory uses core but neither contracts nor node",
    file: "packages/core/src/in-memory/quota.ts",
    refused: imports("../contracts/index.ts", "../node/index.ts", "../../test/x.ts", "vitest", "zod", "node:crypto"),
    allowed: imports(
      "./quota.ts",
      "../domain/message.ts",
      "../use-cases/attempt/attempt.ts",
      "../lifecycle/semaphore.ts",
      "neverthrow",
    ),
  },
  {
    promise: "contracts use core, but not node, and vitest",
    file: "packages/core/src/contracts/contract.ts",
    refused: imports("../node/index.ts", "../../test/x.ts", "fast-check", "node:timers/promises"),
    allowed: imports("./quota/contract.ts", "../ports/quota.ts", "../in-memory/index.ts", "vitest", "neverthrow"),
  },
  {
    promise: "the contract of a port uses core, but not node, and vitest",
    file: "packages/core/src/contracts/quota/contract.ts",
    refused: imports("../../node/index.ts", "../../../test/x.ts", "fast-check", "node:timers/promises"),
    allowed: imports(
      "./cases.ts",
      "../fixtures.ts",
      "../../ports/quota.ts",
      "../../in-memory/index.ts",
      "vitest",
      "neverthrow",
    ),
  },
  {
    promise: "core's node entry uses ports and Node's own modules",
    file: "packages/core/src/node/system-clock.ts",
    refused: imports("../use-cases/attempt/attempt.ts", "../index.ts", "zod", "undici"),
    allowed: imports("./system-ids.ts", "../ports/clock.ts", "node:crypto"),
  },
  {
    promise: "core has no file but index.ts beside its folders",
    file: "packages/core/src/permits.ts",
    refused: imports("./domain/message.ts", "./use-cases/message-sender.ts", "neverthrow", "zod", "node:timers"),
    allowed: [],
  },
  {
    promise: "core's main entry loads neither in-memory, contracts nor node",
    file: "packages/core/src/index.ts",
    refused: imports("./in-memory/index.ts", "./contracts/index.ts", "./node/index.ts", "zod"),
    allowed: imports("./domain/message.ts", "./lifecycle/semaphore.ts", "./use-cases/message-sender.ts"),
  },
  {
    promise: "core's entry for adapters loads neither in-memory, contracts nor node",
    file: "packages/core/src/adapter.ts",
    refused: imports("./in-memory/index.ts", "./contracts/index.ts", "./node/index.ts", "zod"),
    allowed: imports("./domain/message.ts", "./lifecycle/semaphore.ts", "./use-cases/message-sender.ts"),
  },
  {
    promise: "core's tests use core, vitest, fast-check and Node's own modules",
    file: "packages/core/src/domain/message.test.ts",
    refused: imports(
      "@message-sender/emulator",
      "hono",
      "../../../emulator/src/index.ts",
      "@message-sender/core/src/index.ts",
    ),
    allowed: imports(
      "./message.ts",
      "../in-memory/index.ts",
      "vitest",
      "fast-check",
      "zod",
      "neverthrow",
      "node:fs",
      "@message-sender/core",
      "@message-sender/core/contracts",
    ),
  },
  {
    promise: "what inbound and outbound share loads neither Hono nor undici",
    file: "packages/http-adapter/src/trace-context.ts",
    refused: imports(
      "hono",
      "hono/cors",
      "@hono/node-server",
      "undici",
      "undici/types",
      "./inbound/index.ts",
      "./outbound/index.ts",
      ...notForAdapters(),
    ),
    allowed: imports(...forAdapters(), "neverthrow", "zod", "node:crypto", "@opentelemetry/api"),
  },
  {
    promise: "inbound loads neither undici nor outbound",
    file: "packages/http-adapter/src/inbound/http-app.ts",
    refused: imports(
      "undici",
      "undici/types",
      "../outbound/index.ts",
      "@message-sender/http-adapter/outbound",
      ...notForAdapters(),
    ),
    allowed: imports("./messages/routes.ts", "../trace-context.ts", "hono", "@hono/node-server", ...forAdapters()),
  },
  {
    promise: "outbound loads neither Hono nor inbound",
    file: "packages/http-adapter/src/outbound/index.ts",
    refused: imports("hono", "hono/cors", "@hono/node-server", "../inbound/index.ts", ...notForAdapters()),
    allowed: imports("./http/http-client.ts", "../trace-context.ts", "undici", ...forAdapters()),
  },
  ...httpFolders(),
  ...graphFolders(),
  {
    promise: "the table of error codes uses nothing of the Graph client",
    file: "packages/http-adapter/src/outbound/graph/error-codes/account.ts",
    refused: imports("../graph-error.ts", "../../http/exchange.ts", "../../redaction/redact.ts", "undici", "zod"),
    allowed: imports("./error-rule.ts", "@message-sender/core"),
  },
  {
    promise: "an adapter's tests use public entries",
    file: "packages/http-adapter/src/outbound/graph-transport.test.ts",
    refused: imports(...cli, "@message-sender/core/dist/index.js", "../../../emulator/src/index.ts", ...container),
    allowed: imports(
      "../inbound/index.ts",
      "undici",
      "vitest",
      "node:http",
      "@message-sender/core/contracts",
      "@message-sender/emulator",
    ),
  },
  {
    promise: "a store uses its database and core",
    file: "packages/sqlite-adapter/src/sqlite-store.ts",
    refused: imports(
      "hono",
      "undici",
      "@message-sender/core/in-memory",
      "@message-sender/emulator",
      "../../core/src/index.ts",
      ...cli,
      ...container,
    ),
    allowed: imports("./outbox.ts", "@message-sender/core", "@message-sender/core/node", "neverthrow", "node:sqlite"),
  },
  {
    promise: "a store uses its database and core",
    file: "packages/postgres-adapter/src/postgres-store.ts",
    refused: imports(
      "hono",
      "undici",
      "@message-sender/core/in-memory",
      "../../core/src/index.ts",
      ...cli,
      ...container,
    ),
    allowed: imports("./outbox.ts", "@message-sender/core", "@message-sender/core/node", "neverthrow", "pg"),
  },
  {
    promise: "the entry of pages exports what its folders define",
    file: "packages/pages/src/index.ts",
    refused: imports("hono", "node:fs", "./browser/live.js", "@message-sender/core"),
    allowed: imports("./document/page.tsx", "./parts/badge.tsx", "./live/live-answer.ts", "./forms/form-answer.ts"),
  },
  {
    promise: "the files of pages know no page",
    file: "packages/pages/src/assets/assets.ts",
    refused: imports("../document/page.tsx", "hono", "../browser/live.js"),
    allowed: imports("./shared-files.ts", "node:fs/promises"),
  },
  {
    promise: "the frame of a page knows none of its parts",
    file: "packages/pages/src/document/page.tsx",
    refused: imports("../parts/badge.tsx", "../live/regions.tsx", "node:fs"),
    allowed: imports("./masthead.tsx", "../assets/assets.ts", "hono/jsx"),
  },
  {
    promise: "answers to forms know nothing of pages",
    file: "packages/pages/src/forms/form-answer.ts",
    refused: imports("../document/page.tsx", "hono", "node:fs"),
    allowed: imports("./same-origin.ts"),
  },
  {
    promise: "what keeps a page live knows none of its parts",
    file: "packages/pages/src/live/live-answer.ts",
    refused: imports("../parts/badge.tsx", "../assets/assets.ts"),
    allowed: imports("./regions.tsx", "../document/render.ts", "hono/html", "node:crypto"),
  },
  {
    promise: "the parts of pages are markup",
    file: "packages/pages/src/parts/bubble.tsx",
    refused: imports("../live/regions.tsx", "../assets/assets.ts", "node:fs"),
    allowed: imports("./time.tsx", "../document/render.ts", "hono/jsx"),
  },
  {
    promise: "what runs in the browser imports nothing but its neighbors",
    file: "packages/pages/src/browser/live.js",
    refused: imports("../parts/time.tsx", "hono", "node:fs"),
    allowed: imports("./morph.js"),
  },
  {
    promise: "the tests of pages import pages",
    file: "packages/pages/src/live/live-answer.test.ts",
    refused: imports("@message-sender/core", "undici"),
    allowed: imports("./live-answer.ts", "../parts/badge.tsx", "vitest", "node:fs"),
  },
  {
    promise: "the emulator's entry exports what its folders define",
    file: "packages/emulator/src/index.ts",
    refused: imports("@message-sender/core", "hono", "#zod"),
    allowed: imports("./sandbox/sandbox.ts", "./graph/graph-message.ts", "./webhooks/webhooks.ts"),
  },
  {
    promise: "the emulator's collections import nothing",
    file: "packages/emulator/src/collections/bounded-log.ts",
    refused: imports("../http/answer.ts", "#zod"),
    allowed: imports("./shuffled.ts"),
  },
  {
    promise: "the emulator's json imports nothing",
    file: "packages/emulator/src/json/records.ts",
    refused: imports("../graph/graph.ts", "../collections/bounded-log.ts", "#zod"),
    allowed: imports("./paths.ts"),
  },
  {
    promise: "the emulator's http knows neither faults nor a service",
    file: "packages/emulator/src/http/answer.ts",
    refused: imports("../faults/faults.ts", "../graph/graph-error.ts", "../tenant-service/tenants.ts", "#zod"),
    allowed: imports("./listener.ts", "../collections/bounded-log.ts", "hono", "node:http"),
  },
  {
    promise: "the emulator's faults know no service",
    file: "packages/emulator/src/faults/exchange.ts",
    refused: imports("../graph/graph-error.ts", "../conversation-service/conversations.ts", "../control/clock.ts"),
    allowed: imports("./faults.ts", "../http/answer.ts", "../json/records.ts", "hono", "#zod"),
  },
  {
    promise: "graph knows neither webhooks nor the other services, and nothing of Message Sender",
    file: "packages/emulator/src/graph/graph.ts",
    refused: imports(
      "../webhooks/webhooks.ts",
      "../tenant-service/tenants.ts",
      "../conversation-service/conversations.ts",
      "../control/clock.ts",
      "../sandbox/services.ts",
      "@message-sender/core",
      "@message-sender/http-adapter/inbound",
      "../../core/src/index.ts",
      ...container,
    ),
    allowed: imports(
      "./access/tokens.ts",
      "./messages/message.ts",
      "../faults/exchange.ts",
      "hono",
      "#zod",
      "node:crypto",
    ),
  },
  {
    promise: "a token is checked without the rest of WhatsApp's state",
    file: "packages/emulator/src/graph/access/tokens.ts",
    refused: imports("../graph-state.ts", "../people/audience.ts", "../../faults/faults.ts", "#zod"),
    allowed: imports("./graph-access.ts", "../graph-error.ts", "../../http/request-record.ts"),
  },
  {
    promise: "people are known by their ids",
    file: "packages/emulator/src/graph/people/audience.ts",
    refused: imports("../graph-state.ts", "../graph-error.ts", "../limits/limits.ts", "../../http/answer.ts", "#zod"),
    allowed: imports("./wa-id.ts", "../graph-ids.ts", "../../collections/bounded-map.ts"),
  },
  {
    promise: "limits know people",
    file: "packages/emulator/src/graph/limits/limits.ts",
    refused: imports("../graph-state.ts", "../access/tokens.ts", "../../http/answer.ts"),
    allowed: imports("./throughput.ts", "../graph-error.ts", "../people/audience.ts", "#zod"),
  },
  {
    promise: "a message is checked without WhatsApp's state",
    file: "packages/emulator/src/graph/messages/message.ts",
    refused: imports("../graph-state.ts", "../../http/answer.ts", "#zod"),
    allowed: imports("./rules.ts", "../graph-error.ts", "../../json/records.ts"),
  },
  {
    promise: "webhooks know graph, and not how the emulator is controlled",
    file: "packages/emulator/src/webhooks/webhooks.ts",
    refused: imports("../control/clock.ts", "../tenant-service/tenants.ts", "../http/answer.ts", "hono"),
    allowed: imports("./inbound.ts", "../graph/people/audience.ts", "../collections/shuffled.ts", "#zod", "node:net"),
  },
  {
    promise: "the emulator's events know nothing of what they tell",
    file: "packages/emulator/src/events/events.ts",
    refused: imports("../chats/chats.ts", "../webhooks/webhooks.ts", "#zod"),
    allowed: imports("./wait.ts"),
  },
  {
    promise: "the emulator's chats remember what graph and webhooks did",
    file: "packages/emulator/src/chats/chats.ts",
    refused: imports("../customers/customers.ts", "../control/control.ts", "../http/answer.ts", "node:crypto"),
    allowed: imports("./chat-message.ts", "../graph/graph-message.ts", "../webhooks/inbound.ts", "#zod"),
  },
  {
    promise: "the emulator's customers read chats and write webhooks",
    file: "packages/emulator/src/customers/customers.ts",
    refused: imports("../graph/graph-state.ts", "../control/control.ts", "../http/answer.ts", "hono"),
    allowed: imports("./offers.ts", "../chats/chats.ts", "../webhooks/webhooks.ts", "#zod", "node:crypto"),
  },
  {
    promise: "the emulator's samples are played on services that they are given",
    file: "packages/emulator/src/samples/play-samples.ts",
    refused: imports("../sandbox/services.ts", "../control/control.ts", "../chats/chats.ts", "hono"),
    allowed: imports("./sample-chats.ts", "../customers/customer-schema.ts", "../graph/graph-error.ts"),
  },
  {
    promise: "how the emulator's routes are described does not depend on what routes there are",
    file: "packages/emulator/src/control/routes/route.ts",
    refused: imports("../control.ts", "../shapes.ts", "../../webhooks/webhooks.ts"),
    allowed: imports("./openapi.ts", "../../http/answer.ts", "hono", "#zod"),
  },
  {
    promise: "the emulator's Tenant Service knows neither webhooks nor the Conversation Service",
    file: "packages/emulator/src/tenant-service/tenants.ts",
    refused: imports("../webhooks/webhooks.ts", "../conversation-service/conversations.ts", "../control/clock.ts"),
    allowed: imports(
      "./tenant-quota.ts",
      "../graph/access/tokens.ts",
      "../http/answer.ts",
      "hono",
      "#zod",
      "node:crypto",
    ),
  },
  {
    promise: "the emulator's Conversation Service knows no other service",
    file: "packages/emulator/src/conversation-service/conversation-service.ts",
    refused: imports("../graph/access/tokens.ts", "../tenant-service/tenants.ts", "../webhooks/webhooks.ts"),
    allowed: imports("./conversations.ts", "../faults/exchange.ts", "../http/answer.ts", "hono", "#zod"),
  },
  {
    promise: "the emulator's receiver of callbacks knows no service",
    file: "packages/emulator/src/callback-receiver/callback-receiver.ts",
    refused: imports("../graph/access/tokens.ts", "../tenant-service/tenants.ts", "../webhooks/webhooks.ts"),
    allowed: imports("./callback-signature.ts", "../http/answer.ts", "../json/records.ts", "hono", "node:crypto"),
  },
  {
    promise: "the emulator's coverage is a table",
    file: "packages/emulator/src/coverage/coverage.ts",
    refused: imports("../graph/graph-error.ts", "../control/control.ts", "#zod"),
    allowed: imports("./coverage-graph.ts"),
  },
  {
    promise: "the emulator's control does not know how the sandbox is composed",
    file: "packages/emulator/src/control/control.ts",
    refused: imports("../sandbox/services.ts", "msw", "@message-sender/core"),
    allowed: imports("./clock.ts", "../coverage/coverage.ts", "../webhooks/webhooks.ts", "../faults/faults.ts", "#zod"),
  },
  {
    promise: "the sandbox knows nothing of Message Sender",
    file: "packages/emulator/src/sandbox/sandbox.ts",
    refused: imports("@message-sender/core", "@message-sender/http-adapter/inbound", ...container),
    allowed: imports("./services.ts", "../control/control.ts", "../client/call.ts", "../graph/graph-handle.ts"),
  },
  {
    promise: "the emulator's page changes nothing but through the control API",
    file: "packages/emulator/src/page/create-page.ts",
    refused: imports("../sandbox/sandbox.ts", "../client/connect-sandbox.ts", "hono", "@message-sender/core", "zod"),
    allowed: imports("./chats/chat.ts", "../client/call.ts", "../control/limit-use.ts", "@message-sender/pages"),
  },
  {
    promise: "what the emulator's page runs in the browser imports nothing but its neighbors",
    file: "packages/emulator/src/page/browser/emulator.js",
    refused: imports("../paths.ts", "@message-sender/pages", "hono"),
    allowed: imports("./beside.js"),
  },
  {
    promise: "the emulator's client reaches a sandbox over its control API only",
    file: "packages/emulator/src/client/customer.ts",
    refused: imports("../control/control.ts", "../sandbox/sandbox.ts", "../http/answer.ts", "hono", "vitest"),
    allowed: imports("./call.ts", "../chats/chat-message.ts", "node:crypto"),
  },
  {
    promise: "the emulator's matchers are made of its client",
    file: "packages/emulator/src/vitest.ts",
    refused: imports("./sandbox/sandbox.ts", "./control/control.ts"),
    allowed: imports("./client/describe.ts", "vitest"),
  },
  {
    promise: "the emulator's program starts a sandbox",
    file: "packages/emulator/src/program/main.ts",
    refused: imports("../graph/graph.ts", "../control/control.ts", "commander"),
    allowed: imports("./welcome.ts", "../sandbox/sandbox.ts", "../control/options-schema.ts", "#zod", "node:util"),
  },
  {
    promise: "the emulator's tests use the emulator",
    file: "packages/emulator/src/graph/messages/message.test.ts",
    refused: imports("@message-sender/core", "@message-sender/cli", "../../../../core/src/index.ts"),
    allowed: imports(
      "./message.ts",
      "../graph-error.ts",
      "../../sandbox/services.ts",
      "@message-sender/emulator",
      "vitest",
      "fast-check",
      "node:net",
    ),
  },
  ...consoleFolders(),
  {
    promise: "what the console runs in the browser imports its neighbors",
    file: "packages/console/src/browser/plots.js",
    refused: imports("@message-sender/pages", "../overview/hour.ts", "node:fs", "hono"),
    allowed: imports("./uplot.js"),
  },
  {
    promise: "the console is made of what the API is made of",
    file: "packages/console/src/create-console.ts",
    refused: imports(
      ...container,
      ...cli,
      "@message-sender/server",
      "@message-sender/http-adapter/outbound",
      "@message-sender/core/in-memory",
      "zod",
    ),
    allowed: imports(
      "./sign-in/guard.ts",
      "@message-sender/core",
      "@message-sender/core/node",
      "@message-sender/http-adapter/inbound",
      "hono",
      "hono/http-exception",
      "node:crypto",
    ),
  },
  {
    promise: "the console's tests use the console, core and its test ports",
    file: "packages/console/src/sign-in/sessions.test.ts",
    refused: imports("@message-sender/server", "@message-sender/emulator", "../../../core/src/index.ts"),
    allowed: imports(
      "./sessions.ts",
      "../index.ts",
      "../../test/visit.ts",
      "@message-sender/core/in-memory",
      "hono",
      "vitest",
    ),
  },
  {
    promise: "cli uses public entries",
    file: "packages/cli/src/program.ts",
    refused: imports(...container, ...cli, "@message-sender/core/contracts", "../../core/src/index.ts"),
    allowed: imports(
      "./commands/send.ts",
      "@message-sender/server",
      "@message-sender/server/process",
      "@message-sender/core/node",
      "@message-sender/emulator",
      "commander",
    ),
  },
  {
    promise: "server uses public entries, and its container only in one file",
    file: "packages/server/src/log/server-log.ts",
    refused: imports(...container, ...cli, "@message-sender/core/contracts", "../../core/src/index.ts", "commander"),
    allowed: imports(
      "../container.ts",
      "@message-sender/core/node",
      "@message-sender/http-adapter/outbound",
      "@message-sender/sqlite-adapter",
      "@message-sender/console",
      "pino",
    ),
  },
  {
    promise: "server's container uses tsyringe",
    file: "packages/server/src/container.ts",
    refused: imports(...cli, "@message-sender/core/contracts", "../../core/src/index.ts"),
    allowed: imports("reflect-metadata", "tsyringe", "@message-sender/core"),
  },
  {
    promise: "cli's tests use public entries",
    file: "packages/cli/src/program.test.ts",
    refused: imports(...container, ...cli, "../../core/src/index.ts"),
    allowed: imports("./program.ts", "@message-sender/core/contracts", "vitest", "node:child_process"),
  },
  {
    promise: "everything else uses public entries",
    file: "tests/bench/main.ts",
    refused: imports(
      ...cli,
      ...container,
      "@message-sender/core/src/index.ts",
      "@message-sender/core/dist/index.js",
      "../packages/core/src/index.ts",
    ),
    allowed: imports("@message-sender/core", "@message-sender/http-adapter/outbound", "./load.ts", "../src/x.ts"),
  },
  {
    promise: "the server reads no environment: its settings are passed to it",
    file: "packages/server/src/settings/read-settings.ts",
    rule: "eslint(no-restricted-properties)",
    refused: [
      "export const a = process.env;",
      `export const b = process["env"];`,
      "export const { env } = process;",
      "export const c = globalThis.process;",
    ],
    allowed: ["export const d = process.exitCode;"],
  },
  {
    promise: "no other package reads the environment",
    file: "packages/core/src/node/environment.ts",
    rule: "eslint(no-restricted-properties)",
    refused: ["export const a = process.env;"],
    allowed: ["export const b = process.version;"],
  },
  {
    promise: "the commands read the environment in one file",
    file: "packages/cli/src/with-settings.ts",
    rule: "eslint(no-restricted-properties)",
    refused: [],
    allowed: ["export const a = process.env;"],
  },
  {
    promise: "tests read the environment",
    file: "packages/server/src/settings/read-settings.test.ts",
    rule: "eslint(no-restricted-properties)",
    refused: [],
    allowed: ["export const a = process.env;"],
  },
  {
    promise: "a library prints nothing",
    file: "packages/http-adapter/src/redact.ts",
    rule: "eslint(no-console)",
    refused: [`console.log("sent");`],
    allowed: ["export const a = 1;"],
  },
  {
    promise: "cli prints",
    file: "packages/cli/src/commands/config.ts",
    rule: "eslint(no-console)",
    refused: [],
    allowed: [`console.log("PORT=8080");`],
  },
  {
    promise: "there is no import cycle",
    file: "packages/core/src/use-cases/cycle.ts",
    rule: "import(no-cycle)",
    refused: [...imports("./cycle-back.ts"), `import type { Type } from "./type-cycle-back.ts";`],
    allowed: ["export type Other = Type;"],
  },
];

function graphFolders(): readonly Boundary[] {
  return Object.entries(graphFoldersOf).map(([folder, uses]) => ({
    promise: `graph/${folder} uses ${uses.join(", ")}`,
    file: `packages/emulator/src/graph/${folder}/index.ts`,
    refused: imports(
      ...Object.keys(graphFoldersOf)
        .filter((other) => other !== folder && !uses.includes(other))
        .map((other) => `../${other}/index.ts`),
      "../graph-state.ts",
      "../messages/message.ts",
      "../../faults/faults.ts",
    ),
    allowed: imports(
      "./beside.ts",
      ...uses.map((other) => `../${other}/index.ts`),
      "../graph-error.ts",
      "../../http/answer.ts",
    ),
  }));
}

function httpFolders(): readonly Boundary[] {
  return Object.entries(httpFoldersOf).flatMap(([half, folders]) =>
    Object.entries(folders).map(([folder, uses]) => ({
      promise: `${half}/${folder} uses ${uses.length > 0 ? uses.join(", ") : "no other folder"}`,
      file: `packages/http-adapter/src/${half}/${folder}/index.ts`,
      refused: imports(
        ...Object.keys(folders)
          .filter((other) => other !== folder && !uses.includes(other))
          .map((other) => `../${other}/index.ts`),
        "../index.ts",
        half === "inbound" ? "undici" : "hono",
        half === "inbound" ? "../../outbound/index.ts" : "../../inbound/index.ts",
      ),
      allowed: imports(
        "./beside.ts",
        ...uses.map((other) => `../${other}/index.ts`),
        "@message-sender/core",
        "node:crypto",
        "neverthrow",
      ),
    })),
  );
}

function consoleFolders(): readonly Boundary[] {
  const all = Object.keys(consoleFoldersOf);
  return Object.entries(consoleFoldersOf).map(([folder, uses]) => ({
    promise: `the console's ${folder} uses ${uses.length > 0 ? uses.join(", ") : "no other folder"}`,
    file: `packages/console/src/${folder}/page.tsx`,
    refused: imports(
      ...all.filter((other) => other !== folder && !uses.includes(other)).map((other) => `../${other}/page.tsx`),
      "../create-console.ts",
      "@message-sender/core/in-memory",
      "@message-sender/http-adapter/outbound",
      "@message-sender/server",
      ...container,
    ),
    allowed: imports(
      "./beside.ts",
      ...uses.map((other) => `../${other}/page.tsx`),
      "../console-context.ts",
      "@message-sender/core/adapter",
      "@message-sender/http-adapter/inbound",
      "hono/jsx",
      "node:crypto",
      "neverthrow",
    ),
  }));
}

function useCases(): readonly Boundary[] {
  const all = Object.keys(useCaseFolders);
  return Object.entries(useCaseFolders).map(([folder, uses]) => ({
    promise: `use-cases/${folder} uses ${uses.length > 0 ? uses.join(", ") : "no other use case"}`,
    file: `packages/core/src/use-cases/${folder}/index.ts`,
    refused: imports(
      ...all.filter((other) => other !== folder && !uses.includes(other)).map((other) => `../${other}/index.ts`),
      "../message-sender.ts",
      "../../in-memory/index.ts",
      "../../contracts/index.ts",
      "../../node/index.ts",
      "../../index.ts",
      "zod",
      "node:crypto",
    ),
    allowed: imports(
      "./beside.ts",
      ...uses.map((other) => `../${other}/index.ts`),
      "../../domain/failure.ts",
      "../../ports/clock.ts",
      "../../content/parse-content.ts",
      "../../lifecycle/in-flight.ts",
      "../../time/wall-steps.ts",
      "../../codecs/decode-stored.ts",
      "neverthrow",
    ),
  }));
}

/** Not a boundary: the other halves of the two cycles. */
const cycleBack = {
  "packages/core/src/use-cases/cycle-back.ts": `import "./cycle.ts";`,
  "packages/core/src/use-cases/type-cycle-back.ts": `import type { Other } from "./cycle.ts"; export type Type = Other;`,
};

function forAdapters() {
  return ["", "/content", "/adapter", "/node"].map((entry) => `@message-sender/core${entry}`);
}

function notForAdapters() {
  const ofCore = ["/in-memory", "/contracts", "/src/index.ts", "/dist/index.js"].map(
    (entry) => `@message-sender/core${entry}`,
  );
  return [...ofCore, ...cli, ...container, "../../core/src/index.ts"];
}

let folder: string;
let reported: (variant: string, boundary: Boundary) => readonly string[];

/** Rules that lack one row, with the boundaries that it can be about. No row is about cycles, which are slow to find. */
const withoutOne = [
  ...overrides.map((row, index) => ({
    row,
    rules: withoutCycles(configure(rooms, overrides.toSpliced(index, 1))),
    concerned: boundaries.filter(({ rule }) => Object.keys(row.rules ?? {}).some((name) => rule === `eslint(${name})`)),
  })),
  ...rooms.map((row, index) => ({
    row,
    rules: withoutCycles(configure(rooms.toSpliced(index, 1), overrides)),
    concerned: boundaries.filter(
      ({ file, rule = importsRule }) => rule === importsRule && (file === row.room || file.startsWith(`${row.room}/`)),
    ),
  })),
];

function withoutCycles(rules: ReturnType<typeof configure>) {
  return { ...rules, rules: { ...rules.rules, "import/no-cycle": "off" } };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "message-sender-boundaries-"));
  await writeVariant("whole", configure(rooms, overrides), boundaries);
  await Promise.all(withoutOne.map(({ rules, concerned }, index) => writeVariant(String(index), rules, concerned)));
  const diagnostics = Map.groupBy(await lint(), ({ filename, code }) => `${filename} ${code}`);
  reported = (variant, { file, refused, allowed, rule = importsRule }) => {
    const written = [...refused, ...allowed];
    const found = diagnostics.get(`${variant}/${file} ${rule}`) ?? [];
    const lines = found.flatMap(({ labels }) => labels.map(({ span }) => written[span.line - 1] ?? "no line"));
    return written.filter((line) => lines.includes(line));
  };
});

afterAll(() => rm(folder, { recursive: true }));

async function writeVariant(variant: string, rules: object, concerned: readonly Boundary[]) {
  const sources = Object.fromEntries(
    concerned.map(({ file, refused, allowed }) => [file, [...refused, ...allowed].join("\n")]),
  );
  const files = { ...sources, ...cycleBack, ".oxlintrc.json": JSON.stringify(rules) };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, variant, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

interface Diagnostic {
  filename: string;
  code: string;
  labels: readonly { span: { line: number } }[];
}

async function lint(): Promise<readonly Diagnostic[]> {
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [oxlint, "--format=json"], { cwd: folder, maxBuffer: 2 ** 28 }, (_, stdout) =>
      resolve(stdout),
    );
  });
  return JSON.parse(output).diagnostics;
}

describe("the boundaries", () => {
  it.each(boundaries)("$promise ($file)", (boundary) => {
    expect(reported("whole", boundary)).toEqual(boundary.refused);
  });

  it("have no row that could be dropped unnoticed", () => {
    const unnoticed = withoutOne.flatMap(({ row, concerned }, index) =>
      concerned.every((boundary) => String(reported(String(index), boundary)) === String(boundary.refused))
        ? [row]
        : [],
    );
    expect(unnoticed).toEqual([]);
  });
});
