import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createService } from "@message-sender/server";
import { readSettings } from "@message-sender/server/settings";
import { describe, expect, it, onTestFinished } from "vitest";

import { failureOf } from "../../support/command-failure.ts";
import { runCommand } from "../../support/serve-process.ts";
import { titleOf } from "./rows.ts";

const canary = "EAAcanaryOfTheSettings";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "message-sender-settings-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function tenantsFile(text: string, mode = 0o600): Promise<string> {
  const path = join(await folder(), "tenants.yaml");
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

/** Why a service does not start with this file. */
async function refusalOf(file: string): Promise<Error> {
  const options = { databaseUrl: "memory:", tenantsFile: file };
  const error: unknown = await createService(options).catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

const right = `waba_access_token: ${canary}, phone_number_id: "106540352242922"`;

function tenantsWith({ quota = "{ limit: 1000, period: month }", outlet = right, others = "" }): string {
  return `tenants:\n  acme:\n    quota: ${quota}\n${others}    outlets:\n      jakarta: { ${outlet} }\n`;
}

const withCallbacks = (url: string, secret: string) =>
  tenantsWith({ others: `    status_callback_url: "${url}"\n    secret: "${secret}"\n` });
const callbackSecret = Buffer.from(`${canary}OfCallbacks`).toString("base64");
const withLimit = (limit: string) => tenantsWith({ quota: `{ limit: ${limit}, period: month }` });
const token = `waba_access_token: "${canary}"`;
const bomb = [
  "a: &a [lol]",
  ..."bcdefghij".split("").map((name, at) => `${name}: &${name} [${`*${"abcdefghi"[at]},`.repeat(9)}]`),
];

describe(titleOf("settings: refused"), () => {
  it.each<readonly [string, string, string]>([
    ...["-1", "9007199254740993", "1.5", "1e400", ".nan", ".inf", "many", '"1000"', "null", "[1]"].map(
      (limit) => [`a quota of ${limit}`, withLimit(limit), "quota.limit"] as const,
    ),
    ["a period that does not exist", tenantsWith({ quota: "{ limit: 1, period: fortnight }" }), "quota.period"],
    ["no quota", tenantsWith({ quota: "" }), "quota"],
    ["a number that is a path", tenantsWith({ outlet: `${token}, phone_number_id: "../../me"` }), "phone_number_id"],
    ["a number that YAML reads as one", tenantsWith({ outlet: `${token}, phone_number_id: 1e15` }), "phone_number_id"],
    [
      "a token with a newline",
      tenantsWith({ outlet: `waba_access_token: "${canary}\\n", phone_number_id: "1"` }),
      "waba_access_token",
    ],
    ["no token", tenantsWith({ outlet: 'phone_number_id: "1"' }), "waba_access_token"],
    [
      "a URL of callbacks with a password",
      withCallbacks(`https://crm:${canary}@example.com/`, callbackSecret),
      "status_callback_url",
    ],
    [
      "a URL of callbacks that is none, with a token",
      withCallbacks(`ftp://example.com/?token=${canary}`, callbackSecret),
      "status_callback_url",
    ],
    ["a malformed secret of callbacks", withCallbacks("https://example.com/", `whsec_${canary}!`), "secret"],
    ["an unknown setting", `${tenantsWith({})}other: ${canary}\n`, "other"],
    ["no tenants", "", ""],
    ["broken YAML", `tenants: [${canary}`, ""],
    ["a bomb of aliases", `${bomb.join("\n")}\ntenants: *j\n`, ""],
    ["a tag", `tenants: !!js/function 'function () { return "${canary}" }'`, ""],
    ["__proto__", `tenants:\n  __proto__:\n    quota: ${canary}\n`, ""],
    ["bytes that are not text", `\u0000\u0001${canary}`, ""],
  ])("a tenants file with %s", async (_, text, setting) => {
    const { message } = await refusalOf(await tenantsFile(text));
    expect(message).toContain("tenantsFile");
    expect(message).toContain(setting);
    expect(message).not.toContain(canary);
    expect(message).not.toContain(callbackSecret);
    expect(message.length).toBeLessThan(500);
  });

  it.each([
    ["PORT", "-1"],
    ["PORT", "65536"],
    ["PORT", "80.5"],
    ["PORT", "0x50"],
    ["PORT", canary],
    ["DATABASE_URL", `mysql://user:${canary}@localhost/db`],
    ["DATABASE_URL", canary],
    ["DATABASE_URL", "sqlite:"],
    ["GRAPH_API_URL", `https://user:${canary}@example.com`],
    ["GRAPH_API_URL", `https://example.com/?access_token=${canary}`],
    ["GRAPH_API_URL", "javascript:alert(1)"],
    ["GRAPH_API_URL", "file:///etc/passwd"],
    ["GRAPH_API_VERSION", "../../me"],
    ["GRAPH_MAX_CONNECTIONS", "0"],
    ["GRAPH_MAX_CONNECTIONS", "1e9"],
    ["TENANT_SERVICE_URL", `http://user:${canary}@127.0.0.1:9`],
    ["CONVERSATION_SERVICE_URL", "ftp://example.com"],
    ["SERVICE_TOKEN", `${canary}\r\nX-Injected: 1`],
    ["RETRY_SCHEDULE_MS", "0,-1"],
    ["RETRY_SCHEDULE_MS", "0,soon"],
    ["RETRY_SCHEDULE_MS", "0,1e99"],
    ["RETRY_JITTER", "-1"],
    ["RETRY_JITTER", "NaN"],
    ["ATTEMPT_TIMEOUT_MS", "Infinity"],
    ["SEND_DEADLINE_MS", "-1"],
    ["DEFAULT_TTL_SECONDS", "1e30"],
    ["RETENTION_DAYS", "-1"],
    ["ON_AMBIGUOUS", "constructor"],
    ["PACING", "sometimes"],
    ["PACE_NUMBER_PER_SECOND", "-5"],
    ["PACE_PAIR_BURST", "0.5"],
    ["WEBHOOK_FORWARD_URL", "http://user:pass@example.com"],
    ["CALLBACK_SECRET", canary],
    ["STATUS_CALLBACK_URL", `https://crm:${canary}@example.com/`],
    ["STATUS_CALLBACK_URL", `ftp://example.com/?token=${canary}`],
    ["ALLOWED_HOSTS", "https://example.com/path"],
    ["LOG_LEVEL", "loud"],
    ["LOG_FORMAT", "xml"],
  ])("%s=%s", (name, value) => {
    const refused = readSettings({ TENANT_SERVICE_URL: "http://127.0.0.1:9", [name]: value }, { sandbox: false });
    const text = JSON.stringify(refused._unsafeUnwrapErr());
    expect(text).toContain(name);
    expect(text).not.toContain(canary);
    expect(text).not.toContain("Injected");
  });

  it("a file with an impossible quota, one that others can read, and what is no file: on one line", async () => {
    const path = await folder();
    await mkdir(join(path, "folder"));
    await symlink(join(path, "nowhere"), join(path, "link"));
    const files = [
      await tenantsFile(withLimit("9007199254740993")),
      await tenantsFile(tenantsWith({}), 0o644),
      await tenantsFile(tenantsWith({}), 0o604),
      ...["missing", "folder", "link"].map((name) => join(path, name)),
    ];
    for (const file of files) {
      const { message } = await refusalOf(file);
      expect(message).toMatch(/^createService: tenantsFile: .+$/);
      expect(message).not.toContain(canary);
    }
  });

  it("by the command: on one line, before it listens or makes a database", async () => {
    const path = await folder();
    const environment = { PORT: "0", TENANTS_FILE: await tenantsFile(withLimit("-1")), DATABASE_URL: "sqlite:s.db" };
    const { code, stdout, stderr } = await failureOf(runCommand(["serve"], environment, path));
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^message-sender: TENANTS_FILE: .+\n$/);
    expect(stderr).not.toContain(canary);
    expect(await readdir(path)).toEqual([]);
  });
});
