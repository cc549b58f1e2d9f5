import { describe, expect, it } from "vitest";

import { openGraph } from "../../test/graph-client.ts";

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
const read = (path: string, token?: string) => call(path, { token });

/** `POST` with a token. */
const write = (path: string, body: object, token?: string) =>
  call(path, { token, method: "POST", body: JSON.stringify(body) });

async function call(path: string, { token = "EAAa", ...init }: RequestInit & { token: string | undefined }) {
  const { graph } = openGraph(seeded);
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
