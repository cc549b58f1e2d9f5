import { describe, expect, it } from "vitest";

import { answering, doctor, findingsOf, listen, problemsOf, tenantsFile, waba } from "../../support/doctor.ts";

describe("an outlet:", () => {
  it("all is well, with what WhatsApp says about the number", async () => {
    const { code, found, checks } = await doctor(tenantsFile({ o: waba }));
    expect({ code, warnings: found.filter(({ status }) => status !== "ok") }).toEqual({ code: 0, warnings: [] });
    expect(checks.map(({ name }) => name)).toContain(
      "outlet o of tenant t, number 111: quality GREEN, limit TIER_2K, throughput STANDARD",
    );
  });

  it("a token that WhatsApp does not know", async () => {
    const result = await doctor(tenantsFile({ o: { ...waba, waba_access_token: "EAAcanaryUnknown" } }));
    expect(result.code).toBe(1);
    expect(findingsOf(result)).toEqual([
      "failed: the access token is not valid (code 190) → create a token of a system user with whatsapp_business_messaging and whatsapp_business_management, and give it to the outlet",
    ]);
  });

  it("a number that the token may not use", async () => {
    const result = await doctor(tenantsFile({ o: { ...waba, phone_number_id: "222" } }));
    expect(findingsOf(result)).toEqual([
      "failed: the access token may not use number 222, or it does not exist (code 100, subcode 33) → correct phone_number_id, or assign the WABA that has the number to the token's system user",
    ]);
  });

  it("a WABA that is not the token's, and a number of another one", async () => {
    const foreign = await doctor(tenantsFile({ o: { ...waba, waba_id: "901" } }));
    expect(findingsOf(foreign)).toEqual([
      "failed: the access token may not read WABA 901, or it does not exist (code 100) → correct waba_id, or give the token whatsapp_business_management and its system user this WABA",
    ]);
    const graph = await listen((request, response) => {
      const isList = request.url?.includes("/phone_numbers");
      response.end(JSON.stringify(isList ? { data: [{ id: "7" }] } : { id: "111", status: "CONNECTED", data: [] }));
    });
    const other = await doctor({ ...tenantsFile({ o: waba }), GRAPH_API_URL: graph });
    expect(other.code).toBe(1);
    expect(findingsOf(other)).toContain(
      "failed: number 111 does not belong to WABA 900 → correct phone_number_id or waba_id: WhatsApp Manager shows both",
    );
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
    const number = { status: "PENDING", quality_rating: "RED", throughput: { level: "STANDARD" } };
    const graph = await listen(answering(number));
    const outlet = { waba_access_token: "EAAcanary", phone_number_id: "5", throughput_per_second: 81 };
    const result = await doctor({ ...tenantsFile({ o: outlet }), GRAPH_API_URL: graph });
    expect(result.found.map(({ status, problem }) => [status, problem])).toEqual([
      ["failed", "the number is PENDING, not CONNECTED"],
      ["warning", "the quality rating is RED: throughput STANDARD"],
      ["warning", "throughput_per_second is 81, but WhatsApp takes 80 (STANDARD)"],
    ]);
  });

  it.each(["FLAGGED", "RESTRICTED", "RATE_LIMITED"])("a number that is %s still sends, with limits", async (status) => {
    const graph = await listen(answering({ status, data: [] }));
    const { waba_id: _, ...outlet } = waba;
    const result = await doctor({ ...tenantsFile({ o: outlet }), GRAPH_API_URL: graph });
    expect(result.found.map((one) => [one.status, one.problem])).toContainEqual([
      "warning",
      `the number is ${status}, not CONNECTED`,
    ]);
  });

  it("asks for the fields that a version of the Graph API has", async () => {
    const asked: (string | null)[] = [];
    const graph = await listen((request, response) => {
      const url = new URL(request.url ?? "", "http://graph");
      const fields = url.searchParams.get("fields");
      if (url.pathname.endsWith("/111")) asked.push(fields);
      const lacks = ["throughput", "webhook_configuration"].find((field) => fields?.includes(field));
      const message = `(#100) Tried accessing nonexisting field (${lacks}) on node type (WhatsAppBusinessPhoneNumber)`;
      if (lacks) return answering({ error: { code: 100, message } }, 400)(request, response);
      return answering({ status: "CONNECTED", quality_rating: "GREEN" })(request, response);
    });
    const { waba_id: _, ...outlet } = waba;
    const around = { ...tenantsFile({ o: outlet }), GRAPH_API_URL: graph };
    const { checks } = await doctor(around);
    expect(checks.map(({ name }) => name)).toContain("outlet o of tenant t, number 111: quality GREEN");
    expect(asked.at(-1)).toBe("status,quality_rating,whatsapp_business_manager_messaging_limit");
    await doctor({ ...around, GRAPH_API_VERSION: "v23.0" });
    expect(asked.at(-1)).toBe("status,quality_rating,messaging_limit_tier");
  });

  it("a WABA whose webhooks go to another app than the token's", async () => {
    const app = (id: string) => ({ whatsapp_business_api_data: { id, name: "CRM", link: "https://example.com" } });
    const find = async (apps: readonly object[]) => {
      const graph = await listen((request, response) => {
        const url = request.url ?? "";
        if (url.includes("debug_token")) return answering({ data: { app_id: "7", is_valid: true } })(request, response);
        if (url.includes("subscribed_apps")) return answering({ data: apps })(request, response);
        return answering(url.includes("phone_numbers") ? { data: [{ id: "111" }] } : {})(request, response);
      });
      const result = await doctor(
        {
          ...tenantsFile({ o: waba }),
          GRAPH_API_URL: graph,
          WHATSAPP_APP_SECRET: "canary-of-the-app",
          WHATSAPP_VERIFY_TOKEN: "canary-of-the-handshake",
        },
        ["--webhook-url", "http://127.0.0.1:9/webhooks"],
      );
      return findingsOf(result).filter((finding) => finding.includes("subscribe"));
    };
    expect(await find([app("8")])).toEqual([
      "warning: the token's app 7 is not subscribed to the webhooks of WABA 900, only CRM (8) → subscribe the app: POST /900/subscribed_apps with the outlet's token, or set WHATSAPP_APP_SECRET to that of the app which is subscribed",
    ]);
    expect(await find([app("8"), app("7")])).toEqual([]);
    expect(await find([{}])).toEqual([]);
  });
});

describe("an outlet of a provider:", () => {
  const provider = (url: string) => ({
    o: {
      waba_access_token: "canary-of-the-provider",
      phone_number_id: "111",
      provider: { url, messages_path: "/messages", auth_header: "D360-API-KEY" },
    },
  });
  const find = async (body: unknown, status = 200) => {
    const keys: unknown[] = [];
    const url = await listen((request, response) => {
      keys.push([request.url, request.headers["d360-api-key"]]);
      answering(body, status)(request, response);
    });
    const result = await doctor(tenantsFile(provider(url)));
    expect(keys).toEqual([["/health_status", "canary-of-the-provider"]]);
    return { code: result.code, findings: findingsOf(result).map((finding) => finding.replace(url, "URL")) };
  };

  it("is asked about its health as 360dialog is", async () => {
    expect(await find({ health_status: { can_send_message: "AVAILABLE", entities: [] } })).toEqual({
      code: 0,
      findings: [],
    });
    expect(await find({ health_status: { can_send_message: "BLOCKED", entities: [] } })).toEqual({
      code: 1,
      findings: [expect.stringMatching(/^failed: .* says that sending is BLOCKED → see the provider's dashboard/)],
    });
    expect((await find({ health_status: { can_send_message: "LIMITED", entities: [] } })).code).toBe(0);
  });

  it("that refuses the token, fails, or cannot be reached", async () => {
    expect(await find({}, 401)).toEqual({
      code: 1,
      findings: [
        "failed: its provider at URL refuses the access token (HTTP 401) → correct waba_access_token, or auth_header and auth_scheme of provider",
      ],
    });
    expect((await find({}, 502)).findings).toEqual([expect.stringContaining("answered HTTP 502 → see the provider")]);
    const away = await doctor(tenantsFile(provider("http://127.0.0.1:9")));
    expect(findingsOf(away)).toEqual([
      "failed: its provider at http://127.0.0.1:9 cannot be reached (ECONNREFUSED) → check the url of provider, HTTPS_PROXY and the firewall",
    ]);
  });

  it("that tells nothing: what is not checked is said", async () => {
    const { code, findings } = await find({ meta: {} }, 404);
    expect(code).toBe(0);
    expect(findings).toEqual([expect.stringMatching(/^warning: .* token, quality and limits are not checked → see /)]);
  });
});
