import { expect, test } from "vitest";

import { parseTenants } from "./tenants-text.ts";

const yaml = `
tenants:
  t1:
    quota: { limit: 1000, period: month }
    outlets:
      1e3:
        waba_access_token: EAAtoken
        phone_number_id: "1065"
        waba_id: "77"
  t2:
    quota: { limit: 0, period: none }
    outlets: {}
`;

test("YAML is accepted, and ids stay as written", () => {
  const tenants = parseTenants(yaml)._unsafeUnwrap();
  expect([...tenants.keys()]).toEqual(["t1", "t2"]);
  expect(tenants.get("t1")?.quota).toEqual({ limit: 1000, period: "month" });
  const credential = tenants.get("t1")?.outlets.get("1e3");
  expect([credential?.phoneNumberId, credential?.wabaId]).toEqual(["1065", "77"]);
  expect(credential?.accessToken.reveal()).toBe("EAAtoken");
  expect(tenants.get("constructor")).toBeUndefined();
});

test("JSON is accepted", () => {
  const text = JSON.stringify(
    { tenants: { t: { quota: { limit: 2 ** 53 - 1, period: "day" }, outlets: {} } } },
    null,
    "\t",
  );
  expect(parseTenants(text)._unsafeUnwrap().get("t")?.quota.limit).toBe(2 ** 53 - 1);
});

const change = (from: string, to: string) => yaml.replace(from, to);

test.each([
  ["a negative limit", change("limit: 1000", "limit: -1"), "tenants.t1.quota.limit must be a whole number"],
  ["a limit of 2^53+1", change("limit: 1000", "limit: 9007199254740993"), "tenants.t1.quota.limit must be"],
  ["a text for a limit", change("limit: 1000", "limit: s3cr3t"), "tenants.t1.quota.limit must be"],
  ["another period", change("period: month", "period: s3cr3t"), "tenants.t1.quota.period must be day, month or none"],
  ["__proto__ as an id", change("t2:", "__proto__:"), "has a key `__proto__`"],
  ["no quota", change("quota: { limit: 1000, period: month }", ""), "tenants.t1.quota must be a mapping"],
  ["no outlets", change("outlets: {}", ""), "tenants.t2.outlets must be a mapping"],
  [
    "unknown settings",
    change("waba_id:", "wabaid: s3cr3t\n        token:"),
    "tenants.t1.outlets.1e3 has an unknown setting: wabaid, token",
  ],
  [
    "a token for a key",
    change("waba_id:", `s3cr3t${"x".repeat(40)}:`),
    "tenants.t1.outlets.1e3 has an unknown setting: a key that is not a plain name",
  ],
  [
    "several mistakes at once",
    change("limit: 1000", "limit: s3cr3t").replace('"1065"', "1065").replace("period: none", "periods: none"),
    "tenants.t1.quota.limit must be a whole number from 0 to 2^53-1; tenants.t1.outlets.1e3.phone_number_id must be digits in quotes; tenants.t2.quota.period must be day, month or none; tenants.t2.quota has an unknown setting: periods",
  ],
  ["a mistake in each of many tenants", manyTenants(15), "tenants.t9.quota must be a mapping; and 5 more"],
  ["a token with a space", change("EAAtoken", "s3cr3t s3cr3t"), "tenants.t1.outlets.1e3.waba_access_token must be"],
  ["an empty token", change("EAAtoken", '""'), "tenants.t1.outlets.1e3.waba_access_token must be"],
  ["an id without quotes", change('"1065"', "1065"), "tenants.t1.outlets.1e3.phone_number_id must be digits in quotes"],
  ["a path for an id", change('"1065"', "../s3cr3t"), "tenants.t1.outlets.1e3.phone_number_id must be"],
  ["a tenant that is not an identifier", change("  t2:", "  s3cr3t/x:"), "tenants has an id that is not"],
  ["an empty file", "", "the file must be a mapping"],
  ["a list", "- s3cr3t", "the file must be a mapping"],
  ["broken YAML", `${yaml}  s3cr3t: [`, "is not YAML or JSON"],
  ["a key twice", `${yaml}  t2: {}`, "is not YAML or JSON (DUPLICATE_KEY, line 13)"],
  ["two documents", `${yaml}---\n${yaml}`, "is not YAML or JSON (MULTIPLE_DOCS, line 13)"],
  ["something after the document", `${yaml}...\n- s3cr3t`, "is not YAML or JSON (MULTIPLE_DOCS, line 14)"],
  ["broken JSON", '{"tenants": {"s3cr3t"', "is not YAML or JSON"],
  ["aliases that explode", bomb(), "must be a mapping"],
])("%s is refused, naming the setting and not its value", (_, text, reason) => {
  const error = parseTenants(text)._unsafeUnwrapErr();
  expect(error).toContain(reason);
  expect(error).not.toContain("s3cr3t");
});

function manyTenants(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `  t${index}: { quota: s3cr3t, outlets: {} }`);
  return `tenants:\n${names.join("\n")}\n`;
}

function bomb(): string {
  const levels = Array.from({ length: 12 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`);
  return `a0: &a0 s3cr3t\n${levels.join("\n")}\n`;
}

const secret = `whsec_${"A".repeat(32)}`;
const withCallbacks = (fields: object) =>
  parseTenants(JSON.stringify({ tenants: { t: { quota: { limit: 1, period: "day" }, outlets: {}, ...fields } } }));

test("a tenant may have a receiver of status callbacks, with its secret", () => {
  const fields = { status_callback_url: "https://crm.example.com/hooks?tenant=t", secret };
  const callbacks = withCallbacks(fields)._unsafeUnwrap().get("t")?.callbacks;
  expect(callbacks?.url).toBe(fields.status_callback_url);
  expect(callbacks?.secret.reveal()).toBe(secret);
  expect(withCallbacks({})._unsafeUnwrap().get("t")?.callbacks).toBeUndefined();
});

test.each([
  [{ status_callback_url: "https://crm.example.com" }, "tenants.t.secret"],
  [{ secret }, "tenants.t.status_callback_url"],
  [{ status_callback_url: "ftp://s3cr3t.example.com", secret }, "tenants.t.status_callback_url"],
  [{ status_callback_url: "https://s3cr3t:x@crm.example.com", secret }, "tenants.t.status_callback_url"],
  [{ status_callback_url: "https://crm.example.com/#s3cr3t", secret }, "tenants.t.status_callback_url"],
  [{ status_callback_url: "https://crm.example.com", secret: "s3cr3t" }, "tenants.t.secret"],
])("a receiver that is not complete or not valid is refused: %j", (fields, setting) => {
  const reason = withCallbacks(fields)._unsafeUnwrapErr();
  expect(reason).toContain(`${setting} must be`);
  expect(reason).not.toContain("s3cr3t");
});

const withOutlet = (fields: object) => {
  const o = { waba_access_token: "EAAtoken", phone_number_id: "1065", ...fields };
  return parseTenants(JSON.stringify({ tenants: { t: { quota: { limit: 1, period: "day" }, outlets: { o } } } }));
};
const outletWith = (fields: object) => withOutlet(fields)._unsafeUnwrap().get("t")?.outlets.get("o");

test.each([1, 20, 80, 1000, 10_000])("an outlet may say that its number sends %d messages a second", (figure) => {
  expect(outletWith({ throughput_per_second: figure })?.throughputPerSecond).toBe(figure);
});

test("a throughput that is null is none", () => {
  expect(outletWith({ throughput_per_second: null })).not.toHaveProperty("throughputPerSecond");
});

test.each([0, -1, 1.5, 10_001, 1e9, "20", "", true, [20], {}])("%j is no throughput", (figure) => {
  expect(withOutlet({ throughput_per_second: figure })._unsafeUnwrapErr()).toBe(
    "tenants.t.outlets.o.throughput_per_second must be a whole number from 1 to 10000",
  );
});

test("an outlet may have a provider of its own, and a way for its templates", () => {
  const provider = { url: "https://waba-v2.360dialog.io", messages_path: "/messages", auth_header: "D360-API-KEY" };
  expect(outletWith({ provider, template_messages_via: "marketing" })).toMatchObject({
    provider: { url: provider.url, messagesPath: "/messages", authHeader: "D360-API-KEY" },
    templateMessagesVia: "marketing",
  });
  expect(outletWith({ provider: { url: provider.url, messages_path: null, auth_scheme: "" } })?.provider).toEqual({
    url: provider.url,
    authScheme: "",
  });
  expect(outletWith({ provider: null, template_messages_via: null })).not.toHaveProperty("provider");
});

test.each([
  ["provider must be a mapping with a url", { provider: "s3cr3t" }],
  ["provider.url must be an http or https URL", { provider: {} }],
  ["provider.url must be an http or https URL", { provider: { url: "https://u:s3cr3t@example.com" } }],
  ["provider.messages_path must be a path", { provider: { url: "https://example.com", messages_path: "/s3cr3t" } }],
  [
    "provider.auth_header must be the name of a header",
    { provider: { url: "https://example.com", auth_header: "s3\r\ncr3t:" } },
  ],
  ["provider.auth_scheme must be one word", { provider: { url: "https://example.com", auth_scheme: "s3 cr3t" } }],
  ["provider has an unknown setting: token", { provider: { url: "https://example.com", token: "s3cr3t" } }],
  ["template_messages_via must be cloud or marketing", { template_messages_via: "s3cr3t" }],
])("%s", (reason, fields) => {
  const error = withOutlet(fields)._unsafeUnwrapErr();
  expect(error).toContain(`tenants.t.outlets.o.${reason}`);
  expect(error).not.toContain("s3cr3t");
});
