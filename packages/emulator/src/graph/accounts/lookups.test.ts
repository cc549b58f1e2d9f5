import { describe, expect, it } from "vitest";

import { openGraph } from "../../../test/graph-client.ts";
import type { ServicesOptions } from "../../sandbox/sandbox-options.ts";

const outlet = (token: string, number: string, waba: string) => ({
  waba_access_token: token,
  phone_number_id: number,
  waba_id: waba,
});
const seeded = {
  tenants: {
    t: { outlets: { a: outlet("EAAa", "11", "90"), b: outlet("EAAa", "12", "90"), c: outlet("EAAc", "13", "91") } },
  },
};

/** `GET` with a token. */
const read = (path: string, token?: string, options?: ServicesOptions) => call(path, { token }, options);

/** `POST` with a token. */
const write = (path: string, body: object, token?: string) =>
  call(path, { token, method: "POST", body: JSON.stringify(body) });

async function call(
  path: string,
  { token = "EAAa", ...init }: RequestInit & { token: string | undefined },
  options: ServicesOptions = {},
) {
  const { graph } = openGraph({ ...seeded, ...options });
  const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
  const response = await graph.app.request(`/v25.0/${path}`, { ...init, headers }, {});
  return { status: response.status, body: (await response.json()) as unknown };
}

describe("read a phone number: GET /:version/:id", () => {
  it("has its default fields, or those that are asked for, with its id", async () => {
    expect(await read("11")).toMatchObject({ status: 200, body: { id: "11", quality_rating: "GREEN" } });
    expect(await read("11?fields=status,throughput")).toEqual({
      status: 200,
      body: { id: "11", status: "CONNECTED", throughput: { level: "STANDARD" } },
    });
  });

  it("has the level of its throughput, by the limits", async () => {
    const limits = { throughputPerSecond: 80, throughputOf: { "12": 1000 } };
    const levelOf = async (id: string) => (await read(`${id}?fields=throughput`, "EAAa", { limits })).body;
    expect(await levelOf("11")).toEqual({ id: "11", throughput: { level: "STANDARD" } });
    expect(await levelOf("12")).toEqual({ id: "12", throughput: { level: "HIGH" } });
  });

  it("refuses an unknown field, an unknown token, none, and one of another number", async () => {
    expect(await read("11?fields=nothing")).toMatchObject({ status: 400, body: { error: { code: 100 } } });
    expect(await read("11", "EAAnone")).toMatchObject({ status: 401, body: { error: { code: 190 } } });
    expect(await read("11", "")).toMatchObject({ status: 401, body: { error: { code: 190 } } });
    expect(await read("11", "EAAc")).toMatchObject({ status: 400, body: { error: { code: 100, error_subcode: 33 } } });
  });
});

it("read the numbers and the subscribed apps of a WABA: GET /:version/:id/:edge", async () => {
  expect(await read("90/phone_numbers")).toMatchObject({ status: 200, body: { data: [{ id: "11" }, { id: "12" }] } });
  expect(await read("90/subscribed_apps")).toMatchObject({
    body: { data: [{ whatsapp_business_api_data: { name: "Sandbox" } }] },
  });
  expect(await read("91/phone_numbers")).toMatchObject({ body: { error: { code: 100, error_subcode: 33 } } });
  expect(await read("90/phone_numbers", "EAAnone")).toMatchObject({ status: 401, body: { error: { code: 190 } } });
});

describe("list the templates of a WABA: GET /:version/:id/message_templates", () => {
  it("has the seeded ones, in Meta's words", async () => {
    const templates = [
      { name: "plain", language: "en", status: "paused" },
      { name: "named", language: "id", category: "marketing", body: ["first_name"], header: "text" },
      { name: "button", language: "en", body: 2, header: "image", buttons: ["quick_reply", "url"] },
    ] as const;
    const { body } = await read("90/message_templates", "EAAa", { templates });
    expect(body).toEqual({
      data: [
        {
          id: "1000000000000000",
          name: "plain",
          language: "en",
          status: "PAUSED",
          category: "UTILITY",
          components: [{ type: "BODY", text: "Hello!" }],
        },
        {
          id: "1000000000000001",
          name: "named",
          language: "id",
          status: "APPROVED",
          category: "MARKETING",
          components: [
            { type: "HEADER", format: "TEXT" },
            { type: "BODY", text: "Hello! {{first_name}}" },
          ],
        },
        {
          id: "1000000000000002",
          name: "button",
          language: "en",
          status: "APPROVED",
          category: "UTILITY",
          components: [
            { type: "HEADER", format: "IMAGE" },
            { type: "BODY", text: "Hello! {{1}} {{2}}" },
            {
              type: "BUTTONS",
              buttons: [
                { type: "QUICK_REPLY", text: "Reply" },
                { type: "URL", text: "Open", url: "https://example.com/{{1}}" },
              ],
            },
          ],
        },
      ],
      paging: { cursors: { before: expect.any(String), after: expect.any(String) } },
    });
    const one = await read("90/message_templates?name=named&fields=name,parameter_format", "EAAa", { templates });
    expect(one.body).toMatchObject({ data: [{ id: "1000000000000001", name: "named", parameter_format: "NAMED" }] });
  });

  it("comes in pages, each with the cursor of the next", async () => {
    const templates = Array.from({ length: 60 }, (_, index) => ({ name: `t${index}`, language: "en" }));
    const names: string[] = [];
    let after = "";
    for (let next: unknown = "yes"; next !== undefined;) {
      const { body } = await read(`90/message_templates?fields=name${after}`, "EAAa", { templates });
      const page = body as { data: { name: string }[]; paging: { next?: string; cursors: { after: string } } };
      names.push(...page.data.map(({ name }) => name));
      after = `&after=${page.paging.cursors.after}`;
      ({ next } = page.paging);
    }
    expect(names).toEqual(templates.map(({ name }) => name));
  });

  it("is refused to a token of another account, and empty without seeds", async () => {
    expect(await read("91/message_templates")).toMatchObject({ body: { error: { code: 100, error_subcode: 33 } } });
    expect(await read("90/message_templates", "EAAnone")).toMatchObject({ status: 401 });
    expect(await read("90/message_templates")).toEqual({ status: 200, body: { data: [] } });
  });

  it("of an account that no outlet names is open to any known token", async () => {
    expect(await read("7/message_templates")).toEqual({ status: 200, body: { data: [] } });
    expect(await read("7/message_templates", "EAAnone")).toMatchObject({ status: 401 });
    expect(await read("7/phone_numbers")).toMatchObject({ body: { error: { code: 100 } } });
  });
});

it("describe an access token: GET /:version/debug_token", async () => {
  expect(await read("debug_token?input_token=EAAa")).toMatchObject({ body: { data: { is_valid: true } } });
  expect(await read("debug_token?input_token=EAAnone")).toMatchObject({ body: { data: { is_valid: false } } });
  expect(await read("debug_token?input_token=EAAa", "EAAnone")).toMatchObject({ status: 401 });
});

it("register a phone number: POST /:version/:id/register", async () => {
  const request = { messaging_product: "whatsapp", pin: "123456" };
  expect(await write("11/register", request)).toEqual({ status: 200, body: { success: true } });
  expect(await write("11/register", { ...request, pin: "12345" })).toMatchObject({ body: { error: { code: 100 } } });
  expect(await write("13/register", request)).toMatchObject({ body: { error: { code: 100, error_subcode: 33 } } });
  expect(await write("11/register", request, "EAAnone")).toMatchObject({ status: 401, body: { error: { code: 190 } } });
});

it("subscribe the app to a WABA: POST /:version/:id/subscribed_apps", async () => {
  expect(await write("90/subscribed_apps", {})).toEqual({ status: 200, body: { success: true } });
  expect(await write("91/subscribed_apps", {})).toMatchObject({ body: { error: { code: 100, error_subcode: 33 } } });
  expect(await write("90/subscribed_apps", {}, "EAAnone")).toMatchObject({ status: 401 });
});
