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
const withProvider = (more: object) => withOutlet({ provider: { url: "https://waba-v2.360dialog.io", ...more } });
const withCallbacks = (secret: string, to = url) => withTenant({ status_callback_url: to, secret });

const valid = [
  { tenants: {} },
  { tenants: { acme: tenant, "a.b~c_d-1": tenant } },
  withTenant({ outlets: {} }),
  withOutlet({ waba_id: "102" }),
  withQuota({ limit: Number.MAX_SAFE_INTEGER, period: "none" }),
  withQuota({ limit: 0, period: "day" }),
  ...[24, 25, 26, 32, 62, 63, 64].flatMap((count) => [
    withCallbacks(bytes(count)),
    withCallbacks(`whsec_${bytes(count)}`),
  ]),
  withCallbacks(bytes(32), "http://localhost:4000"),
  withCallbacks(bytes(32), "HTTPS://crm.example.com?x=/@"),
  withOutlet({ throughput_per_second: 20, template_messages_via: "marketing", provider: null }),
  withOutlet({ throughput_per_second: 10_000 }),
  withProvider({}),
  withProvider({ url: "HTTP://[::1]:3000/base/", messages_path: null, auth_header: null, auth_scheme: null }),
  withProvider({ messages_path: "/messages", auth_header: "D360-API-KEY", auth_scheme: "" }),
  withProvider({ messages_path: "/v25.0/x-{phone_number_id}/.../messages", auth_header: "Host2", auth_scheme: "Key" }),
  withProvider({ messages_path: `/${"a".repeat(502)}/messages`, auth_header: "a".repeat(64) }),
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
  ...["https:crm.example.com", "https:///crm", "https://crm.example.com/a b", "https://crm.example.com/#"].flatMap(
    (to) => [withCallbacks(bytes(32), to), withProvider({ url: to })],
  ),
  ...["", "crm.example.com", "ftp://x", "https://u:p@x", "https://x?y", `https://x/${"a".repeat(2040)}`].map((to) =>
    withProvider({ url: to }),
  ),
  ...["", "messages", "/a", "/messages/", "//messages", "/../messages", "/a b/messages", "/%2e/messages"].map((path) =>
    withProvider({ messages_path: path }),
  ),
  withProvider({ messages_path: "/{phone_number_id}/{phone_number_id}/messages" }),
  withProvider({ messages_path: "/{waba_id}/messages" }),
  withProvider({ messages_path: `/${"a".repeat(503)}/messages` }),
  ...["", "Host", "CONTENT-TYPE", "te", "a b", "a:", "é", "a".repeat(65)].map((header) =>
    withProvider({ auth_header: header }),
  ),
  ...["a b", "a=", "Bearer "].map((scheme) => withProvider({ auth_scheme: scheme })),
  withOutlet({ provider: {} }),
  withProvider({ path: "/messages" }),
  withOutlet({ throughput_per_second: 0 }),
  withOutlet({ throughput_per_second: 10_001 }),
  withOutlet({ throughput_per_second: "80" }),
  withOutlet({ template_messages_via: "graph" }),
  withTenant({ outlets: { "a b": outlet } }),
  withOutlet({ waba_access_token: "" }),
  withOutlet({ waba_access_token: "a b" }),
  withOutlet({ phone_number_id: 1065 }),
  withOutlet({ phone_number_id: "+1065" }),
  withOutlet({ waba_id: "" }),
  withOutlet({ token: "EAAG" }),
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
