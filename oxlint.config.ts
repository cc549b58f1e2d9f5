import { dirname, join } from "node:path/posix";
import { defineConfig, type OxlintConfig } from "oxlint";

/**
 * A folder (or a file) and everything that its files may import. Paths are relative to the room, and "." is its own
 * files. Where two rows match a file, the later one counts. Tests have rows of their own.
 */
export interface Room {
  readonly room: string;
  readonly tests?: true;
  readonly may: readonly string[];
  readonly message: string;
}

const core = ["", "/content", "/adapter", "/values", "/node"].map((entry) => `@message-sender/core${entry}`);
const ground = ["content", "domain", "ports", "lifecycle", "time", "codecs"];
const pureCore = ["*.ts", ...ground, "pacing", "use-cases"].map((name) => `../${name}`);
const node = ["node:*", "node:*/**"];
const common = ["neverthrow", "zod", ...node];
const openTelemetry = "@opentelemetry/api";
const hono = ["hono", "hono/**", "@hono/**"];
/** What the console's pages are made of. */
const pages = ["hono", "hono/**", "@message-sender/http-adapter/inbound", "@message-sender/pages"];
const adapters = ["http-adapter/*", "emulator", "sqlite-adapter", "postgres-adapter"].map(
  (name) => `@message-sender/${name}`,
);
const clients = [...core, "@message-sender/core/in-memory", ...adapters, ...common, "undici"];

/** The folders of the use cases, each with those that it may import. */
const useCaseFolders = {
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
} as const;

const useCases: readonly Room[] = Object.entries(useCaseFolders).map(([folder, others]) => ({
  room: `packages/core/src/use-cases/${folder}`,
  may: [".", ...others.map((other) => `../${other}`), ...ground.map((name) => `../../${name}`), "neverthrow"],
  message: `use-cases/${folder} imports ${others.length > 0 ? others.join(", ") : "no other use case"}.`,
}));

/** The folders of the HTTP adapter, each with those that it may import. */
const httpFolders = {
  "inbound/problems": ["../*.ts"],
  "inbound/requests": ["problems", "../*.ts", openTelemetry, ...hono],
  "inbound/access": ["problems", "requests", ...hono],
  "inbound/api-keys": ["access", "../*.ts", "zod"],
  "inbound/bodies": ["problems", "requests", ...hono],
  "inbound/fields": ["problems", "zod", ...hono],
  "inbound/routes": ["problems", "requests", "access", "bodies", "fields", "../*.ts", "zod", ...hono],
  "inbound/usage": ["problems", "requests", "fields", "routes", "zod"],
  "inbound/administration": [
    "problems",
    "requests",
    "access",
    "bodies",
    "fields",
    "routes",
    "zod",
    "neverthrow",
    ...hono,
  ],
  "inbound/kept-webhooks": ["problems", "requests", "access", "bodies", "fields", "routes", "zod", ...hono],
  "inbound/messages": ["problems", "requests", "access", "bodies", "fields", "routes", "zod", ...hono],
  "inbound/batch": ["problems", "requests", "access", "bodies", "fields", "routes", "messages", "openapi", "zod"],
  "inbound/changes": [
    "problems",
    "requests",
    "access",
    "bodies",
    "fields",
    "routes",
    "messages",
    "openapi",
    "zod",
    ...hono,
  ],
  "inbound/queue": ["problems", "requests", "fields", "routes", "zod"],
  "inbound/pauses": ["problems", "requests", "bodies", "fields", "routes", "zod"],
  "inbound/media": ["problems", "requests", "bodies", "fields", "routes", "zod", ...hono, "@fastify/busboy"],
  "inbound/webhooks": ["problems", "requests", "bodies", "routes", "zod", ...hono],
  "inbound/health": ["problems", "requests", "routes", "zod"],
  "inbound/metrics": ["requests", "routes", "zod"],
  "inbound/docs": ["problems", "requests", "access", "routes", "zod"],
  "inbound/openapi": ["problems", "requests", "access", "routes", "zod", ...hono],
  "inbound/server": ["problems", "requests", "access", "bodies", "media", ...hono],
  "outbound/redaction": [],
  "outbound/http": ["../*.ts", "undici", "undici/**", openTelemetry],
  "outbound/graph": ["http", "redaction", "../*.ts", "zod", "yaml", openTelemetry],
  "outbound/callbacks": ["http", "../*.ts", "standardwebhooks", openTelemetry],
  "outbound/services": ["http", "redaction", "callbacks", "../*.ts", "zod", "yaml", "standardwebhooks", openTelemetry],
} as const;

const httpRooms: readonly Room[] = Object.entries(httpFolders).map(([folder, may]) => {
  const half = dirname(folder);
  const others = may.filter((name) => Object.hasOwn(httpFolders, `${half}/${name}`));
  const beside = (name: string) => (others.includes(name) || name.startsWith("..") ? `../${name}` : name);
  return {
    room: `packages/http-adapter/src/${folder}`,
    may: [".", ...may.map(beside), ...core, ...node, "neverthrow"],
    message: `${folder} imports ${others.length > 0 ? others.join(" and ") : "no other folder"} of its half.`,
  };
});

/** The folders of the console, each with those that it may import. */
const consoleFolders = {
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
} as const;

const consoleRooms: readonly Room[] = Object.entries(consoleFolders).map(([folder, others]) => ({
  room: `packages/console/src/${folder}`,
  may: [".", "../console-*.ts", ...others.map((name) => `../${name}`), ...core, ...pages, ...node, "neverthrow"],
  message: `${folder} of the console imports ${others.length > 0 ? others.join(" and ") : "no other folder"}.`,
}));

/** The emulator's folders below control and sandbox. */
function emulator(up: string): readonly string[] {
  const folders = ["collections", "json", "http", "faults", "graph", "webhooks"];
  const services = ["tenant-service", "conversation-service", "callback-receiver", "coverage"];
  return [...folders, ...services, "events", "chats", "customers"].map((folder) => `${up}${folder}`);
}

// oxfmt-ignore
export const rooms: readonly Room[] = [
  { room: "packages/core/src", may: [], message: "Every file of core but index.ts lies in a folder, and a new folder needs a row in oxlint.config.ts." },
  { room: "packages/core/src/index.ts", may: [...ground.map((name) => `./${name}`), "./pacing", "./use-cases"], message: "in-memory, contracts and node are entries of their own." },
  { room: "packages/core/src/adapter.ts", may: [...ground.map((name) => `./${name}`), "./pacing", "./use-cases"], message: "in-memory, contracts and node are entries of their own." },
  { room: "packages/core/src/values.ts", may: ["./content/identifiers.ts", "./domain", "./use-cases/list/page-size.ts"], message: "values loads no schema and no use case." },
  { room: "packages/core/src/content", may: [".", "zod", "neverthrow"], message: "content imports only zod and neverthrow." },
  { room: "packages/core/src/domain", may: ["./*.ts", "../content", "neverthrow"], message: "domain imports only content and neverthrow, and no file of it needs its explanations." },
  { room: "packages/core/src/domain/explain", may: [".", "../*.ts", "../../content"], message: "domain/explain imports domain." },
  { room: "packages/core/src/domain/templates", may: [".", "../../content"], message: "domain/templates imports content." },
  { room: "packages/core/src/ports", may: ["./*.ts", "../content", "../domain", "type neverthrow"], message: "ports import content and domain, and only the types of neverthrow: they hold no code. None needs a store." },
  { room: "packages/core/src/ports/store", may: [".", "../*.ts", "../../content", "../../domain", "type neverthrow"], message: "The ports of a store import the other ports, content and domain, and only the types of neverthrow." },
  { room: "packages/core/src/lifecycle", may: [".", "../content", "../domain", "../ports", "neverthrow"], message: "lifecycle imports content, domain and ports." },
  { room: "packages/core/src/time", may: [".", "../domain", "../ports"], message: "time imports domain and ports." },
  { room: "packages/core/src/codecs", may: [".", "../content", "../domain", "../ports", "neverthrow"], message: "codecs import content, domain and ports." },
  { room: "packages/core/src/pacing", may: [".", "../content", "../domain", "../ports", "../lifecycle", "../time", "neverthrow"], message: "pacing imports content, domain, ports, lifecycle and time." },
  { room: "packages/core/src/use-cases", may: [".", ...ground.map((name) => `../${name}`), "neverthrow"], message: "message-sender.ts composes the use cases of core, and nothing else." },
  ...useCases,
  { room: "packages/core/src/in-memory", may: [".", ...pureCore, "neverthrow"], message: "in-memory imports core, but neither contracts nor node." },
  { room: "packages/core/src/contracts", may: [".", ...pureCore, "../in-memory", "neverthrow", "vitest"], message: "contracts import core and vitest, but not node." },
  { room: "packages/core/src/node", may: [".", "../ports", ...node], message: "node imports ports and Node's own modules." },
  { room: "packages/core/src", tests: true, may: [".", "../test", ...common, "vitest", "fast-check", "@message-sender/core", "@message-sender/core/*"], message: "core's tests import core, vitest, fast-check and Node's own modules." },
  { room: "packages/http-adapter/src", may: ["./*.ts", ...core, ...common, openTelemetry], message: "What inbound and outbound share loads neither Hono nor undici." },
  { room: "packages/http-adapter/src/messages.ts", may: ["./inbound/batch/batch-message.ts", "./inbound/problems"], message: "The check of messages loads neither Hono nor undici." },
  ...["values", "api-keys"].map((entry) => ({ room: `packages/http-adapter/src/${entry}.ts`, may: ["./inbound/access", "./inbound/api-keys", "./inbound/requests/client-address.ts", "./outbound/callbacks/callback-receiver.ts", "./outbound/http/proxy.ts"], message: "An entry of its own loads neither Hono nor undici." })),
  { room: "packages/http-adapter/src/inbound", may: [".", "../*.ts", ...core, ...common, ...hono, "@fastify/busboy"], message: "inbound loads neither undici nor outbound." },
  { room: "packages/http-adapter/src/outbound", may: [".", "../*.ts", ...core, ...common, "undici", "undici/**", "yaml", "standardwebhooks"], message: "outbound does not load Hono: an embedder may only send." },
  ...httpRooms,
  { room: "packages/http-adapter/src/outbound/graph/error-codes", may: [".", ...core], message: "The table of error codes imports nothing of the Graph client." },
  { room: "packages/sqlite-adapter/src", may: [".", ...core, ...common], message: "A store imports core's public entries and its database." },
  { room: "packages/postgres-adapter/src", may: [".", ...core, ...common, "pg"], message: "A store imports core's public entries and its database." },
  { room: "packages/pages/src", may: ["./assets", "./document", "./forms", "./live", "./parts"], message: "The entry exports what the folders define." },
  { room: "packages/pages/src/assets", may: [".", ...node], message: "Files are served without knowing what a page is." },
  { room: "packages/pages/src/document", may: [".", "../assets", ...hono], message: "The frame of a page knows none of its parts." },
  { room: "packages/pages/src/forms", may: ["."], message: "Answers to forms know nothing of pages." },
  { room: "packages/pages/src/live", may: [".", "../document", ...node, ...hono], message: "What keeps a page live knows none of its parts." },
  { room: "packages/pages/src/parts", may: [".", "../document", ...hono], message: "Parts are markup: they know neither files nor streams." },
  { room: "packages/pages/src/browser", may: ["."], message: "What runs in the browser is served as it is: it imports nothing but its neighbors." },
  { room: "packages/pages/src", tests: true, may: [".", ...node, ...hono, "vitest"], message: "The tests of pages import only pages." },
  { room: "packages/emulator/src", may: ["./*.ts", ...emulator("./"), "./control", "./client", "./sandbox"], message: "The entry exports what the folders define. A new folder needs a row in oxlint.config.ts." },
  { room: "packages/emulator/src/collections", may: ["."], message: "collections is the ground floor: it imports nothing." },
  { room: "packages/emulator/src/json", may: ["."], message: "json is the ground floor: it imports nothing." },
  { room: "packages/emulator/src/http", may: [".", "../collections", ...node, ...hono, "@fastify/busboy"], message: "http knows neither faults nor a service." },
  { room: "packages/emulator/src/faults", may: [".", "../json", "../http", "#zod", ...hono], message: "faults apply to any service and know none of them." },
  { room: "packages/emulator/src/graph", may: [".", "../collections", "../json", "../http", "../faults", "#zod", ...node, ...hono], message: "graph knows neither webhooks nor the other services." },
  { room: "packages/emulator/src/graph/access", may: [".", "../graph-error.ts", "../../http"], message: "Whose token it is, is decided without the rest of WhatsApp's state." },
  { room: "packages/emulator/src/graph/people", may: [".", "../graph-ids.ts", "../../collections"], message: "People are known by their ids, and nothing else of graph." },
  { room: "packages/emulator/src/graph/limits", may: [".", "../graph-error.ts", "../people", "../../collections", "#zod"], message: "Limits know people, and nothing else of graph." },
  { room: "packages/emulator/src/graph/objects", may: [".", "../graph-error.ts", "../access", "../../collections", "../../json", "../../http", ...node, ...hono], message: "objects knows how Graph's calls are made, and none of them." },
  { room: "packages/emulator/src/graph/media", may: [".", "../graph-error.ts", "../access", "../objects", "../../collections", "../../http", ...node], message: "Files know their calls, and nothing else of graph." },
  { room: "packages/emulator/src/graph/numbers", may: [".", "../graph-error.ts", "../callbacks.ts", "../graph-ids.ts", "../access", "../objects", "../../json", "../../collections", "../../http", "#zod", ...node], message: "Numbers know their calls, and nothing else of graph." },
  { room: "packages/emulator/src/graph/accounts", may: [".", "../graph-error.ts", "../callbacks.ts", "../access", "../objects", "../numbers", "../../collections", "../../http"], message: "Accounts know their numbers, and nothing else of graph." },
  { room: "packages/emulator/src/graph/business", may: [".", "../graph-error.ts", "../access", "../objects", "../accounts", "../../collections", "../../http"], message: "A business knows its accounts, and nothing else of graph." },
  { room: "packages/emulator/src/graph/templates", may: [".", "../graph-error.ts", "../objects", "../accounts", "../../json", "../../http", "#zod"], message: "Templates know their accounts, and nothing else of graph." },
  { room: "packages/emulator/src/graph/flows", may: [".", "../graph-error.ts", "../objects", "../accounts", "../../collections", "../../http"], message: "Flows know their accounts, and nothing else of graph." },
  { room: "packages/emulator/src/graph/groups", may: [".", "../graph-error.ts", "../objects", "../../json", "../../collections", "../../http"], message: "Groups know their calls, and nothing else of graph." },
  { room: "packages/emulator/src/graph/history", may: [".", "../graph-error.ts", "../graph-message.ts", "../objects", "../accounts", "../../collections", "../../http"], message: "The history knows messages, and nothing else of graph." },
  { room: "packages/emulator/src/graph/messages", may: [".", "../graph-error.ts", "../../json"], message: "A message is checked by itself, without WhatsApp's state." },
  { room: "packages/emulator/src/webhooks", may: [".", "../collections", "../faults", "../graph", "../http/outgoing-fetch.ts", "#zod", ...node], message: "webhooks know graph, and nothing of how the emulator is controlled." },
  { room: "packages/emulator/src/events", may: ["."], message: "events know nothing of what they tell." },
  { room: "packages/emulator/src/chats", may: [".", "../collections", "../json", "../graph", "../webhooks", "#zod"], message: "chats remember what graph and webhooks did." },
  { room: "packages/emulator/src/customers", may: [".", "../json", "../webhooks", "../chats", "#zod", ...node], message: "customers read chats and write webhooks." },
  { room: "packages/emulator/src/tenant-service", may: [".", "../collections", "../http", "../faults", "../graph", "#zod", ...node, ...hono], message: "The Tenant Service knows graph's tokens, and neither webhooks nor the Conversation Service." },
  { room: "packages/emulator/src/conversation-service", may: [".", "../collections", "../http", "../faults", "#zod", ...hono], message: "The Conversation Service knows no other service." },
  { room: "packages/emulator/src/callback-receiver", may: [".", "../collections", "../json", "../http", "../faults", ...node, ...hono], message: "The receiver of callbacks knows no other service." },
  { room: "packages/emulator/src/coverage", may: ["."], message: "coverage is a table: it imports nothing." },
  { room: "packages/emulator/src/control", may: [".", ...emulator("../"), "@message-sender/pages/same-origin", "#zod", ...node, ...hono], message: "control drives the services; the sandbox composes them." },
  { room: "packages/emulator/src/control/routes", may: [".", "../../http", "#zod", ...hono], message: "How a route is described does not depend on what routes there are." },
  { room: "packages/emulator/src/vitest.ts", may: ["./client", "vitest"], message: "The matchers are made of the client." },
  { room: "packages/emulator/src/client", may: [".", "../chats", "../customers", "../faults", "../graph", "../webhooks", ...node], message: "The client reaches a sandbox over its control API only." },
  { room: "packages/emulator/src/samples", may: [".", "../customers", "../graph", "../tenant-service", "../webhooks", ...node], message: "The samples are data, and acts on services that they are given." },
  { room: "packages/emulator/src/page", may: [".", ...emulator("../"), "../control", "../client/call.ts", "@message-sender/pages", "hono/jsx"], message: "The page shows what there is, and changes it through the control API." },
  { room: "packages/emulator/src/page/browser", may: ["."], message: "What runs in the browser is served as it is: it imports nothing but its neighbors." },
  { room: "packages/emulator/src/sandbox", may: [".", ...emulator("../"), "../control", "../client", "../page", "../samples"], message: "The emulator knows WhatsApp and the services, not Message Sender." },
  { room: "packages/emulator/src/program", may: [".", "../sandbox", "../control/options-schema.ts", "#zod", ...node], message: "The program starts a sandbox, and nothing else." },
  { room: "packages/emulator/src", tests: true, may: [".", "#zod", "../test", "@message-sender/emulator", "@message-sender/pages", ...common, ...hono, "msw", "msw/node", "msw-2/node", "undici", "vitest", "fast-check"], message: "The emulator's tests import only the emulator." },
  { room: "packages/console/src", may: [".", ...core, ...pages, ...node], message: "The console imports public entries: it is made of what the API is made of." },
  ...consoleRooms,
  { room: "packages/console/src/browser", may: [".", "uplot"], message: "What runs in the browser is served as it is: it imports nothing but its neighbors." },
  { room: "packages/console/src", tests: true, may: [".", "../test", ...core, "@message-sender/core/in-memory", ...pages, ...common, "vitest"], message: "The console's tests import the console, core and its test ports." },
  { room: "packages/server/src", may: [".", ...clients, "@message-sender/console", "pino", "pino-pretty", "sonic-boom", "@prometheus-io/client"], message: "server imports public entries; only container.ts imports tsyringe, and contracts are for tests." },
  { room: "packages/server/src/container.ts", may: [".", ...clients, "pino", "tsyringe", "reflect-metadata"], message: "The container imports public entries, and contracts are for tests." },
  { room: "packages/cli/src", may: [".", "@message-sender/server", "@message-sender/server/*", ...clients, "commander", "csv-parse"], message: "cli imports public entries, and contracts are for tests." },
];

/** Files at the room's top, one folder down, two and three: each writes the way to another room differently. */
const depths = [0, 1, 2, 3];

function overridesOf({ room, tests, may, message }: Room): Overrides {
  const files = tests ? "*.test.ts" : "*.{ts,tsx,js}";
  return (room.endsWith(".ts") ? [0] : depths).map((depth) => ({
    files: [room.endsWith(".ts") ? room : join(room, "*/".repeat(depth), files)],
    ...(tests ? {} : { excludeFiles: ["**/*.test.ts"] }),
    rules: { "no-restricted-imports": ["error", restrictions(may, message, "../".repeat(depth))] },
  }));
}

function restrictions(may: readonly string[], message: string, up: string) {
  const allowed = may
    .filter((name) => name !== "." && !name.startsWith("type "))
    .flatMap((name) => reincluded(from(up, name)));
  const types = may.filter((name) => name.startsWith("type ")).map((name) => name.slice("type ".length));
  const own = may.includes(".") ? ["!./**", ...(up ? ["!../**", `${up}../**`] : [])] : [];
  return {
    paths: types.map((name) => ({ name, allowTypeImports: true, message })),
    patterns: [{ group: ["*", ...own, ...allowed, ...types.map((name) => `!${name}`)], message }],
  };
}

/** `../ports`, said of the room, as a pattern for a file that is `up` from the room's top. */
function from(up: string, name: string): string {
  if (!name.startsWith(".")) return name;
  const path = join(up, name);
  return `${path.startsWith("../") ? "" : "./"}${path}${path.endsWith(".ts") ? "" : "/**"}`;
}

/** A folder above the room is refused as a whole: it has to be allowed itself before its files are. */
function reincluded(path: string): readonly string[] {
  return path.endsWith("/**") && path.startsWith("../")
    ? [`!${path.slice(0, -"/**".length)}`, `!${path}`]
    : [`!${path}`];
}

/** What holds where no row says more: in tests, examples, the bench and the tools. */
const everywhere = [
  {
    group: ["@message-sender/cli", "@message-sender/cli/**"],
    message: "Nothing imports cli: it is a program, not a library.",
  },
  {
    regex: "^(@message-sender/[^/]+|(\\.\\./)+([a-z-]+/)*[a-z-]+)/(src|dist)(/|$)",
    message: "Import another package by its public entries.",
  },
  {
    group: ["tsyringe", "tsyringe/**", "reflect-metadata", "reflect-metadata/**"],
    message: "Only packages/server/src/container.ts knows the container.",
  },
];

type Overrides = NonNullable<OxlintConfig["overrides"]>;

export const overrides: Overrides = [
  {
    files: ["packages/*/src/**"],
    rules: {
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "Only packages/cli/src/with-settings.ts reads the environment.",
        },
        {
          object: "globalThis",
          property: "process",
          message: "Write `process`, so that the linter sees `process.env`.",
        },
      ],
    },
  },
  { files: ["packages/cli/src/**"], rules: { "no-console": "off" } },
  { files: ["packages/cli/src/with-settings.ts"], rules: { "no-restricted-properties": "off" } },
  { files: ["**/*.test.ts"], rules: { "no-restricted-properties": "off", "typescript/no-explicit-any": "off" } },
];

export function configure(boundaries: readonly Room[], exceptions: Overrides) {
  return defineConfig({
    plugins: ["typescript", "unicorn", "oxc", "import"],
    ignorePatterns: ["**/dist/**", "coverage/**"],
    categories: { correctness: "error" },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "prefer-const": "error",
      "import/no-cycle": ["error", { ignoreTypes: false }],
      "typescript/consistent-type-imports": "error",
      "typescript/no-explicit-any": "error",
      "typescript/no-floating-promises": ["error", { checkThenables: true, ignoreVoid: false }],
      "typescript/no-misused-promises": ["error", { checksVoidReturn: { arguments: false } }],
      "typescript/only-throw-error": "error",
      "typescript/unbound-method": "off",
      "unicorn/prefer-node-protocol": "error",
      "no-restricted-imports": ["error", { patterns: everywhere }],
    },
    overrides: [...exceptions, ...boundaries.flatMap(overridesOf)],
  });
}

export default defineConfig({
  ...configure(rooms, overrides),
  options: { typeAware: true, reportUnusedDisableDirectives: "error" },
});
