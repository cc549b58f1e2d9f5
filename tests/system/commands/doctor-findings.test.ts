import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import { answering, doctor, folder, listen, problemsOf, tenantsFile, waba } from "../../support/doctor.ts";
import { usePostgres } from "../../support/postgres.ts";

const postgres = usePostgres();

describe("an outlet:", () => {
  it("all is well, with what WhatsApp says about the number", async () => {
    const { code, found, checks } = await doctor(tenantsFile({ o: waba }));
    expect({ code, warnings: found.filter(({ status }) => status !== "ok") }).toEqual({ code: 0, warnings: [] });
    expect(checks.map(({ name }) => name)).toContain(
      "outlet o of tenant t, number 111: quality GREEN, limit TIER_1K, throughput STANDARD",
    );
  });

  it("a token that WhatsApp does not know", async () => {
    const result = await doctor(tenantsFile({ o: { ...waba, waba_access_token: "EAAcanaryUnknown" } }));
    expect(result.code).toBe(1);
    expect(problemsOf(result)).toEqual(["the access token is not valid (code 190)"]);
  });

  it("a number that the token may not use", async () => {
    const result = await doctor(tenantsFile({ o: { ...waba, phone_number_id: "222" } }));
    expect(problemsOf(result)).toEqual([
      "the access token may not use number 222, or it does not exist (code 100, subcode 33)",
    ]);
  });

  it("a WABA that is not the token's, and a number of another one", async () => {
    const foreign = await doctor(tenantsFile({ o: { ...waba, waba_id: "901" } }));
    expect(problemsOf(foreign)).toEqual(["the access token may not read WABA 901, or it does not exist (code 100)"]);
    const graph = await listen((request, response) => {
      const isList = request.url?.includes("/phone_numbers");
      response.end(JSON.stringify(isList ? { data: [{ id: "7" }] } : { id: "111", status: "CONNECTED", data: [] }));
    });
    const other = await doctor({ ...tenantsFile({ o: waba }), GRAPH_API_URL: graph });
    expect(other.code).toBe(1);
    expect(problemsOf(other)).toContain("number 111 does not belong to WABA 900");
  });

  it("a token that expires soon and lacks a permission, and a WABA that no app is subscribed to", async () => {
    const expires_at = Math.floor(Date.now() / 1000) + 3600;
    const graph = await listen((request, response) => {
      const answers: readonly (readonly [RegExp, object])[] = [
        [/debug_token/, { data: { is_valid: true, expires_at, scopes: ["whatsapp_business_management"] } }],
        [/phone_numbers.*after=next/, { data: [{ id: "111" }] }],
        [/phone_numbers/, { data: [{ id: "7" }], paging: { cursors: { after: "next" }, next: "https://example.com" } }],
        [/subscribed_apps/, { data: [] }],
        [/./, { id: "111", status: "CONNECTED" }],
      ];
      response.end(JSON.stringify(answers.find(([path]) => path.test(request.url ?? ""))?.[1]));
    });
    const webhooks = { WHATSAPP_APP_SECRET: "canary-of-the-app", WHATSAPP_VERIFY_TOKEN: "canary-of-the-handshake" };
    const result = await doctor({ ...tenantsFile({ o: waba }), ...webhooks, GRAPH_API_URL: graph });
    expect(result.code).toBe(1);
    expect(problemsOf(result)).toEqual([
      "the access token lacks whatsapp_business_messaging",
      `the access token expires at ${new Date(expires_at * 1000).toISOString()}`,
      "no app is subscribed to the webhooks of WABA 900: no status will arrive",
      "not checked: their public URL is not known",
    ]);
  });

  it("a bad rating warns, a lost connection and too high a throughput are named", async () => {
    const number = { status: "FLAGGED", quality_rating: "RED", throughput: { level: "STANDARD" } };
    const graph = await listen(answering(number));
    const outlet = { waba_access_token: "EAAcanary", phone_number_id: "5", throughput_per_second: 81 };
    const result = await doctor({ ...tenantsFile({ o: outlet }), GRAPH_API_URL: graph });
    expect(result.found.map(({ status, problem }) => [status, problem])).toEqual([
      ["failed", "the number is FLAGGED, not CONNECTED"],
      ["warning", "the quality rating is RED: throughput STANDARD"],
      ["warning", "throughput_per_second is 81, but WhatsApp takes 80 (STANDARD)"],
    ]);
  });
});

describe("services of another form, whose wrong field is named:", () => {
  const asked = ["--tenant", "t", "--outlet", "o"];

  it.each([
    [{ access_token: "EAAcanary", phone_number_id: "1" }, "waba_access_token"],
    [{ waba_access_token: "EAAcanary", phone_number_id: 15 }, "phone_number_id"],
  ])("a Tenant Service that answers %j", async (body, field) => {
    const TENANT_SERVICE_URL = await listen(answering(body));
    for (const args of [[], asked]) {
      const result = await doctor({ TENANT_SERVICE_URL }, args);
      expect(result.code).toBe(1);
      expect(problemsOf(result)).toEqual([`invalid answer: ${field} is missing or not valid`]);
    }
  });

  it("a quota of another form, and an unknown outlet", async () => {
    const TENANT_SERVICE_URL = await listen((request, response) =>
      request.url?.endsWith("/quota")
        ? response.end(JSON.stringify({ limit: 10, used: "3" }))
        : answering({}, 404)(request, response),
    );
    expect(problemsOf(await doctor({ TENANT_SERVICE_URL }))).toEqual([
      "invalid answer about the quota: used is missing or not valid",
    ]);
    const unknown = await listen(answering({}, 404));
    expect(problemsOf(await doctor({ TENANT_SERVICE_URL: unknown }))).toEqual([]);
    const result = await doctor({ TENANT_SERVICE_URL: unknown }, asked);
    expect(problemsOf(result)).toEqual(["it does not know the quota of tenant t"]);
  });

  it("a Conversation Service", async () => {
    const CONVERSATION_SERVICE_URL = await listen(answering({ items: [] }));
    const result = await doctor({ ...tenantsFile({ o: waba }), CONVERSATION_SERVICE_URL });
    expect(problemsOf(result)).toEqual(["invalid answer: results is missing or not valid"]);
  });

  it("the token of the services", async () => {
    const url = await listen(answering({}, 401));
    const result = await doctor({ TENANT_SERVICE_URL: url, CONVERSATION_SERVICE_URL: url, SERVICE_TOKEN: "canary" });
    expect(problemsOf(result)).toEqual(["answered HTTP 401", "answered HTTP 401"]);
  });
});

it.each([
  [60_000, /clock is \d\d s behind WhatsApp's$/],
  [-90_000, /clock is \d\d s ahead of WhatsApp's$/],
])("a clock that is off by %i ms", async (offMs, problem) => {
  const GRAPH_API_URL = await listen((_, response) =>
    response.setHeader("date", new Date(Date.now() + offMs).toUTCString()).end("{}"),
  );
  const result = await doctor({ ...tenantsFile({}), GRAPH_API_URL });
  expect(result.code).toBe(1);
  expect(problemsOf(result)).toContainEqual(expect.stringMatching(problem));
});

it("settings without effect", async () => {
  const result = await doctor({
    ...tenantsFile({ o: waba }),
    CALLBACK_SECRET: "whsec_Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5",
    SERVICE_TOKEN: "canary",
    PACING: "off",
    PACE_PAIR_BURST: "3",
  });
  expect(result.code).toBe(0);
  expect(result.found.map(({ problem, status }) => [status, problem?.split(":")[0]])).toEqual([
    ["warning", "CALLBACK_SECRET has no effect"],
    ["warning", "SERVICE_TOKEN has no effect"],
    ["warning", "PACE_PAIR_BURST has no effect"],
  ]);
});

it("a PostgreSQL without synchronous commit", async () => {
  const database = new URL(postgres.url).pathname.slice(1);
  await postgres.query(`ALTER DATABASE ${database} SET synchronous_commit = off`);
  const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL: postgres.url });
  await postgres.query(`ALTER DATABASE ${database} RESET synchronous_commit`);
  expect(result.code).toBe(1);
  expect(problemsOf(result)).toContainEqual(expect.stringContaining("synchronous_commit is off"));
});

describe("a store that cannot take a commit:", () => {
  it("on a disk without room, or where this user may not write", async () => {
    // The file system of processes has no room, and only root may write to it at all.
    const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL: "sqlite:/proc/store.db" });
    expect(result.code).toBe(1);
    expect(result.found).toEqual([
      expect.objectContaining({
        name: "store",
        problem: expect.stringMatching(/has no room: its disk is full|cannot be used \((EACCES|EROFS)\)/),
        advice: expect.stringMatching(/free space on its disk|the right to write/),
      }),
    ]);
  });

  it("of a server that says so", async () => {
    const path = join(folder(), "store.db");
    const held = new DatabaseSync(path);
    held.exec("PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE held (a); BEGIN EXCLUSIVE");
    const MESSAGE_SENDER_URL = await listen(answering({}, 503));
    const result = await doctor({ ...tenantsFile({ o: waba }), DATABASE_URL: `sqlite:${path}`, MESSAGE_SENDER_URL });
    held.close();
    expect(problemsOf(result)).toEqual([`the server at ${MESSAGE_SENDER_URL} is not ready: /readyz answers 503`]);
  });
});
