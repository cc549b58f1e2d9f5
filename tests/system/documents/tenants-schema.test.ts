import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openTenantsFile, tenantsJsonSchema } from "@message-sender/http-adapter/outbound";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it, onTestFinished } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";

const validate = new Ajv2020({ strict: false }).compile(tenantsJsonSchema());

const outlet = { waba_access_token: "EAAG", phone_number_id: "1065" };
const tenant = { quota: { limit: 10, period: "month" }, outlets: { main: outlet } };
const url = "https://crm.example.com/statuses?from=sender";
const bytes = (count: number) => Buffer.alloc(count, 7).toString("base64");
const withTenant = (more: object) => ({ tenants: { acme: { ...tenant, ...more } } });
const withOutlet = (more: object) => withTenant({ outlets: { main: { ...outlet, ...more } } });
const withQuota = (more: object) => withTenant({ quota: { ...tenant.quota, ...more } });
const withProvider = (more: object) =>
  withOutlet({ provider: { url: "https://waba-v2.360dialog.io", messages_path: "/messages", ...more } });
const withCallbacks = (secret: string, to = url) => withTenant({ status_callback_url: to, secret });

const valid = [
  { tenants: {} },
  { tenants: { acme: tenant, "a.b~c_d-1": tenant } },
  withTenant({ outlets: {} }),
  withOutlet({ waba_id: "102" }),
  ...[1, 20, 80, 1000, 10_000, null].map((figure) => withOutlet({ throughput_per_second: figure })),
  ...["cloud", "marketing", null].map((via) => withOutlet({ template_messages_via: via })),
  withOutlet({ provider: null }),
  withProvider({}),
  withProvider({ messages_path: null, auth_header: null, auth_scheme: null }),
  ...[
    "http://localhost:4000",
    "HTTPS://WABA.example.com/",
    "https://[::1]:8443/api/v1",
    "https://10.0.0.1/a@b;c=d",
    `https://example.com/${"a".repeat(2028)}`,
  ].map((to) => withProvider({ url: to })),
  ...[
    "/messages",
    "/v25.0/{phone_number_id}/messages",
    "/a/x-{phone_number_id}.y/.z/messages",
    `/${"a".repeat(502)}/messages`,
  ].map((path) => withProvider({ messages_path: path })),
  ...["D360-API-KEY", "Authorization", "x", "Host-Key", "a".repeat(64)].map((name) =>
    withProvider({ auth_header: name }),
  ),
  ...["", "Bearer", "a".repeat(64)].map((word) => withProvider({ auth_scheme: word })),
  withQuota({ limit: Number.MAX_SAFE_INTEGER, period: "none" }),
  withQuota({ limit: 0, period: "day" }),
  ...[24, 25, 26, 32, 62, 63, 64].flatMap((count) => [
    withCallbacks(bytes(count)),
    withCallbacks(`whsec_${bytes(count)}`),
  ]),
  withCallbacks(bytes(32), "http://localhost:4000"),
  withCallbacks(bytes(32), "HTTPS://crm.example.com?x=/@"),
];

const invalid = [
  [],
  {},
  { tenants: [] },
  { tenants: { acme: tenant }, other: 1 },
  { tenants: { "": tenant } },
  { tenants: { "..": tenant } },
  { tenants: { "a/b": tenant } },
  { tenants: { ["a".repeat(129)]: tenant } },
  { tenants: { acme: { quota: tenant.quota } } },
  { tenants: { acme: { outlets: tenant.outlets } } },
  withTenant({ callback: url }),
  ...["https:crm.example.com", "https:///crm", "https://crm.example.com/a b", "https://crm.example.com/#"].map((to) =>
    withCallbacks(bytes(32), to),
  ),
  withTenant({ outlets: { "a b": outlet } }),
  withOutlet({ waba_access_token: "" }),
  withOutlet({ waba_access_token: "a b" }),
  withOutlet({ phone_number_id: 1065 }),
  withOutlet({ phone_number_id: "+1065" }),
  withOutlet({ waba_id: "" }),
  withOutlet({ token: "EAAG" }),
  ...[0, -1, 1.5, 10_001, "80", true, {}].map((figure) => withOutlet({ throughput_per_second: figure })),
  ...["", "Cloud", 5].map((via) => withOutlet({ template_messages_via: via })),
  ...["https://example.com", [], 5, {}].map((provider) => withOutlet({ provider })),
  withProvider({ token: "x" }),
  ...[
    "",
    "example.com",
    "ftp://example.com",
    "https:example.com",
    "https:\\\\example.com",
    "https://",
    "https://user@example.com",
    "https://user:password@example.com",
    "https://example.com?x=1",
    "https://example.com/#x",
    "https://exa mple.com",
    "https://exämple.com",
    "https://example.com/a\nb",
    `https://example.com/${"a".repeat(2029)}`,
    5,
  ].map((to) => withProvider({ url: to })),
  ...[
    "",
    "messages",
    "/message",
    "/messages/",
    "/a//messages",
    "/../messages",
    "/a/./messages",
    "/a?x=/messages",
    "/{phone_number_id}/{phone_number_id}/messages",
    "/{waba_id}/messages",
    "/ä/messages",
    `/${"a".repeat(503)}/messages`,
    5,
  ].map((path) => withProvider({ messages_path: path })),
  ...["", "Host", "content-length", "TRANSFER-ENCODING", "a b", "a:", "ä", "a".repeat(65), 5].map((name) =>
    withProvider({ auth_header: name }),
  ),
  ...["Bearer x", " ", "a\nb", "a".repeat(65), 5].map((word) => withProvider({ auth_scheme: word })),
  withQuota({ limit: -1 }),
  withQuota({ limit: 1.5 }),
  withQuota({ limit: "10" }),
  withQuota({ limit: 2 ** 53 }),
  withQuota({ period: "week" }),
  withTenant({ status_callback_url: url }),
  withTenant({ secret: bytes(32) }),
  ...[0, 22, 23, 65, 66].map((count) => withCallbacks(bytes(count))),
  withCallbacks("not base64, but long enough to be a secret"),
  withCallbacks(bytes(32), "ftp://crm.example.com"),
  withCallbacks(bytes(32), "https://user:password@crm.example.com"),
  withCallbacks(bytes(32), "https://crm.example.com/#part"),
  withCallbacks(bytes(32), `https://crm.example.com/${"a".repeat(2048)}`),
];

async function isAcceptedByServer(document: unknown): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "tenants-schema-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "tenants.json");
  await writeFile(path, JSON.stringify(document), { mode: 0o600 });
  const opened = await openTenantsFile(path);
  if (opened.isOk()) await opened.value.close();
  return opened.isOk();
}

const cases: readonly (readonly [boolean, unknown])[] = [
  ...valid.map((document) => [true, document] as const),
  ...invalid.map((document) => [false, document] as const),
];

it.each(cases)("the server and the JSON Schema agree: %s for %j", async (expected, document) => {
  expect(await isAcceptedByServer(document)).toBe(expected);
  expect(validate(document)).toBe(expected);
});

it("the package ships the schema that the server's parser yields", async () => {
  const text = `${JSON.stringify(tenantsJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(join(root, "packages/http-adapter/tenants.schema.json"));
});
