import { describe, expect, it } from "vitest";

import { openCalls } from "../../test/call-graph.ts";

const text = { messaging_product: "whatsapp", to: "628123456", type: "text", text: { body: "Hello!" } };
const send = (change: object) => ["POST 11/messages", { ...text, ...change }] as const;
const templateWith = (component: object) =>
  send({ type: "template", template: { name: "offer", language: { code: "en" }, components: [component] } });
const documentation = "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api";

/** What people saw of Meta: who saw it, the call, and Meta's error without its `fbtrace_id`. */
const seen: readonly (readonly [source: string, call: readonly [string, object?], error: object])[] = [
  [
    "filipporomani/whatsapp-python#46",
    ["POST 11/elsewhere", text],
    { message: "Unknown path components: /11/elsewhere", type: "OAuthException", code: 2500 },
  ],
  [
    "netflie/whatsapp-cloud-api#42, voiceflow-community/example-integration-whatsapp#5",
    ["POST 12/messages", text],
    {
      message: `Unsupported post request. Object with ID '12' does not exist, cannot be loaded due to missing permissions, or does not support this operation. ${documentation}`,
      type: "GraphMethodException",
      code: 100,
      error_subcode: 33,
    },
  ],
  [
    "wapikit/wapi.js#38",
    send({ to: undefined }),
    { message: "(#100) The parameter to is required.", type: "OAuthException", code: 100 },
  ],
  [
    "whatomate#487, in the notation of frappe_whatsapp#54",
    send({ text: {} }),
    { message: "(#100) The parameter text['body'] is required.", type: "OAuthException", code: 100 },
  ],
  [
    "frappe_whatsapp#54",
    send({ type: "template", template: { name: "offer", language: {} } }),
    { message: "(#100) The parameter template['language']['code'] is required.", type: "OAuthException", code: 100 },
  ],
  [
    "frappe_whatsapp#43",
    templateWith({ type: "body", parameters: [{ type: "text" }] }),
    {
      message: "(#100) Invalid parameter",
      type: "OAuthException",
      code: 100,
      error_data: {
        messaging_product: "whatsapp",
        details: "Parameter 'text' is mandatory for component parameter type 'text'",
      },
    },
  ],
  [
    "tawn33y/whatsapp-cloud-api#57",
    send({ type: "template", template: { name: "cg_quest_text", language: { code: "en_US" } } }),
    {
      message: "(#132001) Template name does not exist in the translation",
      type: "OAuthException",
      code: 132001,
      error_data: {
        messaging_product: "whatsapp",
        details: "template name (cg_quest_text) does not exist in en_US",
      },
    },
  ],
  [
    "gabrieldwight/Whatsapp-Business-Cloud-Api-Net#84",
    ["POST 90/message_templates", {}],
    { message: "(#100) The parameter name is required.", type: "OAuthException", code: 100 },
  ],
  [
    "chatwoot#13257",
    send({ type: "template", template: { name: "offer", language: { code: "en" } } }),
    {
      message: "(#132000) Number of parameters does not match the expected number of params",
      type: "OAuthException",
      code: 132000,
      error_data: {
        messaging_product: "whatsapp",
        details: "body: number of localizable_params (0) does not match the expected number of params (1)",
      },
    },
  ],
];

function open() {
  const outlet = { waba_access_token: "EAAtoken", phone_number_id: "11", waba_id: "90" };
  return openCalls({
    tenants: { t: { outlets: { a: outlet } } },
    templates: [{ name: "offer", language: "en", body: 1 }],
  });
}

it.each(seen)("an error as %s shows it", async (_, [to, body], error) => {
  const { error: answered } = await open().call(to, body && { ...body });
  expect(answered).toEqual({ ...error, fbtrace_id: expect.stringMatching(/^A/) });
});

it.each([
  ["an audio with a caption", send({ type: "audio", audio: { id: "1", caption: "Listen" } })],
  ["a button that calls", templateWith({ type: "button", sub_type: "phone_number", index: 0 })],
])("%s is refused with 100", async (_, [to, body]) => {
  expect(await open().refusal(to, { ...body })).toBe("100");
});

describe("headers", () => {
  it("of every answer name the version and the request, for any page", async () => {
    const { ask } = open();
    for (const to of ["GET 11", "GET 12", "GET 11/elsewhere", "POST 11/messages", "GET debug_token"]) {
      const { headers } = await ask(to, to.startsWith("POST") ? { body: { ...text } } : {});
      expect(Object.fromEntries(headers), to).toMatchObject({
        "access-control-allow-origin": "*",
        "facebook-api-version": "v25.0",
        "x-fb-request-id": expect.stringMatching(/./),
        "x-fb-trace-id": expect.stringMatching(/^A/),
      });
    }
  });

  it("of an error have its trace", async () => {
    const response = await open().ask("GET 12");
    const { error } = (await response.json()) as { error: { fbtrace_id: string } };
    expect(response.headers.get("x-fb-trace-id")).toBe(error.fbtrace_id);
  });

  it("name the version of the path, and the app's without one", async () => {
    const { ask } = open();
    const versionOf = async (path: string) =>
      (await ask(`GET http://graph.test/${path}`)).headers.get("facebook-api-version");
    expect([await versionOf("v23.0/11"), await versionOf("v19.0/11"), await versionOf("11")]).toEqual([
      "v23.0",
      "v19.0",
      "v25.0",
    ]);
  });

  it.each([
    [
      "GET 11",
      "EAAbad",
      401,
      `OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token - Cannot parse access token"`,
    ],
    [
      "GET 11/elsewhere",
      "EAAtoken",
      400,
      `OAuth "Facebook Platform" "invalid_request" "Unknown path components: /11/elsewhere"`,
    ],
    [
      "GET nobody",
      "EAAtoken",
      404,
      `OAuth "Facebook Platform" "not_found" "(#803) Some of the aliases you requested do not exist: nobody"`,
    ],
  ])("of a refusal say why: %s with %s", async (to, token, status, value) => {
    const response = await open().ask(to, { token });
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([status, value]);
  });

  it("are valid whatever was sent", async () => {
    const response = await open().ask("POST 11/messages", { body: { ...text, messaging_product: "😀\n" } });
    expect(response.headers.get("www-authenticate")).toMatch(/^[ -~]+$/);
    expect(response.status).toBe(400);
  });

  it("a fault's error has them too", async () => {
    const { ask, faults } = open();
    faults.add({ target: "graph", effect: { graphError: 190 } });
    const { headers } = await ask("POST 11/messages", { body: { ...text } });
    expect(headers.get("www-authenticate")).toContain("invalid_token");
    expect(headers.get("facebook-api-version")).toBe("v25.0");
  });
});

it("faults of graph.management hit every other call, and those of graph do not", async () => {
  const { call, faults, refusal } = open();
  faults.add({ target: "graph", effect: { graphError: 4 } });
  expect(await call("GET 11?fields=status")).toEqual({ id: "11", status: "CONNECTED" });
  faults.add({ target: "graph.management", effect: { graphError: 80007 } });
  expect(await refusal("GET 11")).toBe("80007");
  expect(await refusal("POST 90/message_templates", {})).toBe("80007");
  expect(await refusal("POST 11/messages", text)).toBe("4");
});
