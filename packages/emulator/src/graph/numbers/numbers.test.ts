import { describe, expect, it } from "vitest";

import { openCalls, unknownObject } from "../../../test/call-graph.ts";

const success = { success: true };
const product = { messaging_product: "whatsapp" };
const text = { ...product, to: "628123456", type: "text", text: { body: "Hello!" } };

it("read a phone number: it has the name and the phone number that it was given, and others have their own", async () => {
  const { call, webhooks } = openCalls({ numbers: { "11": { verifiedName: "Kopi", displayNumber: "+62 812-3456" } } });
  const fields = "fields=verified_name,display_phone_number";
  expect(await call(`GET 11?${fields}`)).toMatchObject({ verified_name: "Kopi", display_phone_number: "+628123456" });
  expect(await call(`GET 12?${fields}`)).toMatchObject({ verified_name: "Sandbox" });
  expect(webhooks.sourceOf("11").displayPhoneNumber).toBe("628123456");
});

describe("register a phone number, deregister a phone number", () => {
  const pin = (value: unknown) => ({ ...product, pin: value });

  it("read a phone number: a deregistered number is disconnected and does not send until it is registered", async () => {
    const { call, refusal } = openCalls();
    expect(await call("POST 11/deregister")).toEqual(success);
    expect(await call("GET 11?fields=status")).toEqual({ id: "11", status: "DISCONNECTED" });
    expect(await refusal("POST 11/messages", text)).toBe("133010");
    expect(await refusal("POST 12/messages", text)).toBeUndefined();
    expect(await call("POST 11/register", pin("123456"))).toEqual(success);
    expect(await refusal("POST 11/messages", text)).toBeUndefined();
  });

  it("update a phone number: the PIN of two-step verification is needed to register", async () => {
    const { call, refusal } = openCalls();
    expect(await call("POST 11", { pin: "111111" })).toEqual(success);
    expect(await refusal("POST 11/register", pin("222222"))).toBe("133005");
    expect(await refusal("POST 11/register", pin("111111"))).toBeUndefined();
    expect(await refusal("POST 11", { pin: "1" })).toBe("100");
    expect(await call("GET 11?fields=is_pin_enabled")).toEqual({ id: "11", is_pin_enabled: true });
    expect(await call("GET 12?fields=is_pin_enabled")).toEqual({ id: "12", is_pin_enabled: false });
  });

  it.each([[pin("12345")], [pin(undefined)], [{ pin: "123456" }], [{ ...pin("123456"), messaging_product: "sms" }]])(
    "is refused with %j",
    async (body) => {
      expect(await openCalls().refusal("POST 11/register", body)).toBe("100");
    },
  );

  it("request a code, verify a code: a number that was added is verified, then registered", async () => {
    const { call, refusal } = openCalls();
    const { id } = await call("POST 90/phone_numbers", { cc: "1", phone_number: "5550100", verified_name: "Shop" });
    expect(await refusal(`POST ${id}/messages`, text)).toBe("133010");
    expect(await refusal(`POST ${id}/register`, pin("123456"))).toBe("133006");
    expect(await call(`POST ${id}/request_code`, { code_method: "SMS", language: "en_US" })).toEqual(success);
    expect(await refusal(`POST ${id}/request_code`, { code_method: "FAX", language: "en_US" })).toBe("100");
    expect(await refusal(`POST ${id}/verify_code`, { code: "12" })).toBe("100");
    expect(await call(`POST ${id}/verify_code`, { code: "123456" })).toMatchObject(success);
    expect(await call(`POST ${id}/register`, pin("123456"))).toEqual(success);
    expect(await refusal(`POST ${id}/messages`, text)).toBeUndefined();
  });
});

describe("read a business profile, update a business profile", () => {
  it("has what was written, and the same by its id: read a profile by its id, update a profile by its id", async () => {
    const { call } = openCalls();
    const change = { about: "We sell shrubs.", websites: ["https://example.com"], vertical: "RETAIL" };
    expect(await call("POST 11/whatsapp_business_profile", { ...product, ...change })).toEqual(success);
    const { data } = await call("GET 11/whatsapp_business_profile?fields=about,websites,vertical,email");
    expect(data).toEqual([change]);
    const { data: named } = await call("GET 11/whatsapp_business_profile?fields=id");
    const [{ id }] = named;
    expect(await call(`GET ${id}?fields=about`)).toEqual({ id, about: change.about });
    expect(await call(`POST ${id}`, { ...product, about: "Closed." })).toEqual(success);
    expect((await call("GET 11/whatsapp_business_profile")).data).toMatchObject([
      { about: "Closed.", vertical: "RETAIL" },
    ]);
    expect((await call("GET 12/whatsapp_business_profile?fields=websites")).data).toEqual([{}]);
  });

  it.each([
    [{ about: "x".repeat(140) }],
    [{ vertical: "SPACE" }],
    [{ websites: ["a", "b", "c"] }],
    [{ messaging_product: "sms" }],
  ])("refuses %j", async (change) => {
    expect(await openCalls().refusal("POST 11/whatsapp_business_profile", { ...product, ...change })).toBe("100");
  });
});

it("read settings, update settings", async () => {
  const { call, refusal } = openCalls();
  expect(await call("POST 11/settings", { calling: { status: "enabled" } })).toEqual(success);
  expect(await call("POST 11/settings", { storage_configuration: { enabled: true, region: "us" } })).toEqual(success);
  expect(await call("GET 11/settings")).toMatchObject({
    calling: { status: "enabled", call_icon_visibility: "visible" },
    storage_configuration: { status: "in_country_storage_enabled", data_localization_region: "us" },
  });
  expect(await call("GET 12/settings")).toMatchObject({ calling: { status: "disabled" } });
  expect(await call("POST 11/settings", { fallback_language: "en" })).toEqual(success);
  expect(await refusal("POST 11/settings", {})).toBe("100");
  expect(await refusal("POST 11/settings", { calling: { status: "maybe" } })).toBe("100");
});

it("read commerce settings, update commerce settings", async () => {
  const { call } = openCalls();
  expect(await call("POST 11/whatsapp_commerce_settings?is_cart_enabled=false&is_catalog_visible=true")).toEqual(
    success,
  );
  const { data } = await call("GET 11/whatsapp_commerce_settings");
  expect(data).toEqual([{ id: expect.any(String), is_cart_enabled: false, is_catalog_visible: true }]);
});

it("read the public key, set the public key", async () => {
  const { call, refusal } = openCalls();
  expect(await call("GET 11/whatsapp_business_encryption")).toEqual({ data: [] });
  const key = new URLSearchParams({ business_public_key: "-----BEGIN PUBLIC KEY-----" });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  expect(await call("POST 11/whatsapp_business_encryption", key, { headers })).toEqual(success);
  const { data } = await call("GET 11/whatsapp_business_encryption");
  expect(data).toEqual([
    { business_public_key: "-----BEGIN PUBLIC KEY-----", business_public_key_signature_status: "VALID" },
  ]);
  expect(await refusal("POST 11/whatsapp_business_encryption", {})).toBe("100");
});

it("read compliance, update compliance", async () => {
  const { call, refusal } = openCalls();
  const people = { grievance_officer_details: { name: "Ana" }, customer_care_details: { email: "a@example.com" } };
  const info = { ...product, entity_name: "Shop", entity_type: "PARTNERSHIP", ...people };
  expect(await refusal("POST 11/business_compliance_info", product)).toBe("100");
  expect(await call("POST 11/business_compliance_info", info)).toEqual(success);
  expect((await call("GET 11/business_compliance_info")).data).toMatchObject([info]);
  expect(await call("GET 12/business_compliance_info")).toEqual({ data: [] });
});

it("set conversational components, read conversational components", async () => {
  const { call, refusal } = openCalls();
  const parts = {
    enable_welcome_message: true,
    prompts: ["Hi"],
    commands: [{ command_name: "help", command_description: "Help" }],
  };
  expect(await call("POST 11/conversational_automation", parts)).toEqual(success);
  const { conversational_automation: bot } = await call("GET 11?fields=conversational_automation");
  expect(bot).toMatchObject(parts);
  expect(await call(`GET ${bot.id}`)).toEqual(bot);
  expect(await refusal("POST 11/conversational_automation", { commands: [{}] })).toBe("100");
});

it("read the official account, apply for the official account", async () => {
  const { call, refusal } = openCalls();
  const act = (action: string) => refusal("POST 11/official_business_account", { action });
  expect(await act("WITHDRAW_APPLICATION")).toBe("100");
  expect(await act("SUBMIT_APPLICATION")).toBeUndefined();
  expect(await call("GET 11/official_business_account")).toMatchObject({ id: "11", oba_status: "PENDING" });
  expect(await act("SUBMIT_APPLICATION")).toBe("100");
  expect(await act("WITHDRAW_APPLICATION")).toBeUndefined();
  expect(await call("GET 11/official_business_account")).toMatchObject({ oba_status: "CANCELLED" });
});

describe("save a QR code, list QR codes, read a QR code, update a QR code, delete a QR code, download the picture of a QR code", () => {
  it("what was created is listed, and what was deleted is gone", async () => {
    const { call, refusal } = openCalls();
    const made = await call("POST 11/message_qrdls", { prefilled_message: "Hi!", generate_qr_image: "SVG" });
    expect(made).toMatchObject({ code: expect.stringMatching(/^[A-Z2-7]{14}$/), prefilled_message: "Hi!" });
    const { code } = made;
    expect((await call("POST 11/message_qrdls?generate_qr_image=png&prefilled_message=Hm")).qr_image_url).toMatch(
      /png$/,
    );
    await call(`DELETE 11/message_qrdls/${(await call("GET 11/message_qrdls")).data[1].code}`);
    await call("POST 11/message_qrdls", { prefilled_message: "Bye!" });
    expect(await call("POST 11/message_qrdls", { code, prefilled_message: "Ho!" })).toMatchObject({ code });
    expect((await call("GET 11/message_qrdls")).data).toMatchObject([
      { prefilled_message: "Ho!" },
      { prefilled_message: "Bye!" },
    ]);
    expect(await call(`GET 11/message_qrdls/${code}`)).toMatchObject({ code, prefilled_message: "Ho!" });
    expect(await call(`POST 11/message_qrdls/${code}?prefilled_message=Hu!`)).toMatchObject({
      code,
      prefilled_message: "Hu!",
    });
    expect(await refusal(`POST 12/message_qrdls/${code}?prefilled_message=Hu!`)).toBe(unknownObject);
    expect(await refusal(`GET 12/message_qrdls/${code}`)).toBe(unknownObject);
    expect(await call(`DELETE 11/message_qrdls/${code}`)).toEqual(success);
    expect(await refusal(`GET 11/message_qrdls/${code}`)).toBe(unknownObject);
    expect(await refusal(`DELETE 11/message_qrdls/${code}`)).toBe(unknownObject);
    expect((await call("GET 11/message_qrdls")).data).toHaveLength(1);
  });

  it.each([[{}], [{ prefilled_message: "x".repeat(141) }], [{ prefilled_message: "Hi!", generate_qr_image: "GIF" }]])(
    "refuses %j",
    async (body) => {
      expect(await openCalls().refusal("POST 11/message_qrdls", body)).toBe("100");
    },
  );
});

it("block users, list blocked users, unblock users", async () => {
  const { call, refusal } = openCalls();
  const users = (...numbers: string[]) => ({ ...product, block_users: numbers.map((user) => ({ user })) });
  expect(await call("POST 11/block_users", users("+62 812", "62813"))).toEqual({
    ...product,
    block_users: {
      added_users: [
        { input: "+62 812", wa_id: "62812" },
        { input: "62813", wa_id: "62813" },
      ],
    },
  });
  expect((await call("GET 11/block_users?limit=1")).data).toEqual([{ ...product, wa_id: "62812" }]);
  expect(await call("DELETE 11/block_users", users("62812"))).toMatchObject({
    block_users: { removed_users: [{ wa_id: "62812" }] },
  });
  expect((await call("GET 11/block_users")).data).toEqual([{ ...product, wa_id: "62813" }]);
  expect(await call("GET 12/block_users")).toEqual({ data: [] });
  expect(await refusal("POST 11/block_users", users("nobody"))).toBe("139100");
});

it("another's number is unknown, on every edge", async () => {
  const { refusal, graph } = openCalls({ tokens: { EAAtoken: { phoneNumberIds: ["11"] } } });
  const ofNumbers = graph.operations().filter(({ on }) => on === "number");
  expect(ofNumbers.length).toBeGreaterThan(30);
  for (const { method, edge } of ofNumbers) {
    const path = ["12", ...(edge === "" ? [] : [edge.replace(":code", "A")])].join("/");
    expect(await refusal(`${method} ${path}`, method === "GET" ? undefined : product), `${method} ${edge}`).toBe(
      unknownObject,
    );
    const unknown = { token: "EAAbad" };
    expect(await refusal(`${method} ${path}`, method === "GET" ? undefined : product, unknown), edge).toBe("190");
  }
});
