import { describe, expect, it } from "vitest";

import { openCalls, unknownObject } from "../../../test/call-graph.ts";

const success = { success: true };
const outlet = (token: string, number: string, waba: string) => ({
  waba_access_token: token,
  phone_number_id: number,
  waba_id: waba,
});
const tenants = { t: { outlets: { a: outlet("EAAtoken", "11", "90"), b: outlet("EAAother", "12", "91") } } };

it("read an account, update an account", async () => {
  const { call, refusal } = openCalls({ tenants });
  expect(await call("GET 90")).toMatchObject({ id: "90", name: "Sandbox", timezone_id: "1" });
  expect(await call("POST 90", { name: "Shrubs", timezone_id: "2" })).toEqual(success);
  expect(await call("GET 90?fields=name,timezone_id,account_review_status")).toEqual({
    id: "90",
    name: "Shrubs",
    timezone_id: "2",
    account_review_status: "APPROVED",
  });
  expect(await refusal("GET 90?fields=colour")).toBe("100");
});

describe("list the numbers of an account, add a number to an account", () => {
  it("has its outlets' numbers, and those that were added", async () => {
    const { call, refusal } = openCalls({ tenants });
    const number = { cc: "44", phone_number: "20 7946 0000", verified_name: "London" };
    const { id } = await call("POST 90/phone_numbers", number);
    const { data } = await call("GET 90/phone_numbers?fields=id,display_phone_number,verified_name,status");
    expect(data).toMatchObject([
      { id: "11", status: "CONNECTED" },
      { id, display_phone_number: "+442079460000", verified_name: "London", status: "UNVERIFIED" },
    ]);
    expect(await refusal("POST 90/phone_numbers", number)).toBe("100");
    expect(await refusal("POST 90/phone_numbers", { phone_number: "1" })).toBe("100");
    expect(await refusal(`GET ${id}`, undefined, { token: "EAAother" })).toBe(unknownObject);
  });

  it("comes in pages, each with the URL of the next and of the one before", async () => {
    const { call } = openCalls();
    for (const digit of "12345") {
      await call("POST 90/phone_numbers", { phone_number: `1555010000${digit}`, verified_name: digit });
    }
    const names = ({ data }: { data: { verified_name: string }[] }) => data.map((one) => one.verified_name).join("");
    const first = await call("GET 90/phone_numbers?limit=2");
    expect([names(first), first.paging.previous]).toEqual(["12", undefined]);
    const second = await call(`GET ${first.paging.next}`);
    const third = await call(`GET ${second.paging.next}`);
    expect([names(second), names(third), third.paging.next]).toEqual(["34", "5", undefined]);
    expect(names(await call(`GET ${third.paging.previous}`))).toBe("34");
    expect(names(await call(`GET 90/phone_numbers?limit=2&before=${third.paging.cursors.before}`))).toBe("34");
  });
});

it("subscribe the app, list the subscribed apps, unsubscribe the app", async () => {
  const { call, refusal } = openCalls({ tenants });
  expect(await call("DELETE 90/subscribed_apps")).toEqual(success);
  expect(await call("GET 90/subscribed_apps")).toEqual({ data: [] });
  expect(await call("POST 90/subscribed_apps")).toEqual(success);
  const override_callback_uri = "https://example.com/webhook";
  expect(await call("POST 90/subscribed_apps", { override_callback_uri, verify_token: "v" })).toMatchObject({
    data: [{ override_callback_uri, whatsapp_business_api_data: { name: "Sandbox" } }],
  });
  expect((await call("GET 90/subscribed_apps")).data).toMatchObject([{ override_callback_uri }]);
  expect(await refusal("POST 90/subscribed_apps", { override_callback_uri: "nowhere" })).toBe("100");
});

it("assign a user, list assigned users, list the accounts of a user, remove a user", async () => {
  const { call, refusal } = openCalls({ tenants });
  expect(await call("POST 90/assigned_users?user=77&tasks=['MANAGE']".replaceAll("'", '"'))).toEqual(success);
  expect(await call("GET 90/assigned_users")).toMatchObject({
    data: [{ id: "77", tasks: ["MANAGE"] }],
    summary: { total_count: 1 },
  });
  expect((await call("GET 77/assigned_whatsapp_business_accounts")).data).toMatchObject([
    { id: "90", status: "ACTIVE", permissions: ["MANAGE"] },
  ]);
  expect(await call("DELETE 90/assigned_users?user=77")).toEqual(success);
  expect(await call("GET 77/assigned_whatsapp_business_accounts")).toEqual({ data: [] });
  expect(await refusal("POST 90/assigned_users", { user: "77" })).toBe("100");
});

it("create a schedule, list schedules", async () => {
  const { call, refusal } = openCalls({ tenants });
  const hours = { name: "Open", schedule_type: "BUSINESS_HOURS", start_time: "09:00", end_time: "17:00" };
  const { id } = await call("POST 90/schedules", { ...hours, days_of_week: ["MONDAY"], is_active: false });
  expect((await call("GET 90/schedules")).data).toMatchObject([
    { id, ...hours, status: "INACTIVE", days_of_week: ["MONDAY"] },
  ]);
  expect(await refusal("POST 90/schedules", { ...hours, start_time: "25:00" })).toBe("100");
  expect(await refusal("POST 90/schedules", { ...hours, schedule_type: "NEVER" })).toBe("100");
});

it("list activities, the newest first, of some types", async () => {
  const { call } = openCalls({ tenants });
  await call("POST 90/assigned_users?user=77&tasks=MANAGE");
  await call("POST 90", { name: "Shrubs" });
  const types = async (query = "") => {
    const { data } = await call(`GET 90/activities${query}`);
    return data.map((one: { activity_type: string }) => one.activity_type);
  };
  expect(await types()).toEqual(["ACCOUNT_UPDATED", "USER_ADDED"]);
  expect(await types("?activity_type=USER_ADDED,USER_REMOVED")).toEqual(["USER_ADDED"]);
});

it("another's account is unknown, on every edge", async () => {
  const { refusal, graph } = openCalls({ tenants });
  for (const { method, edge } of graph.operations().filter(({ on }) => on === "account")) {
    const path = `${method} ${["91", ...(edge === "" ? [] : [edge])].join("/")}`;
    expect(await refusal(path, method === "GET" ? undefined : {}), path).toBe(unknownObject);
    expect(await refusal(path, method === "GET" ? undefined : {}, { token: "EAAbad" }), path).toBe("190");
  }
});

describe("without seeds", () => {
  it("an id is an account's once it was used as one", async () => {
    const { call } = openCalls();
    expect(await call("GET 90/phone_numbers")).toEqual({ data: [] });
    expect(await call("GET 90")).toMatchObject({ id: "90", message_template_namespace: expect.any(String) });
  });

  it("fields that no kind has do not decide what an id is", async () => {
    const { call } = openCalls();
    const refused = await call("GET 77?fields=verified_names");
    expect(refused.error).toMatchObject({
      code: 100,
      message: "(#100) Tried accessing nonexisting field (verified_names) on node type (WhatsAppBusinessPhoneNumber)",
    });
    expect(await call("GET 77?fields=verified_name")).toEqual({ id: "77", verified_name: "Sandbox" });
    expect(await call("POST 77", { pin: "654321" })).toEqual({ success: true });
    expect(await call("POST 77/register", { messaging_product: "whatsapp", pin: "123456" })).toMatchObject({
      error: { code: 133005 },
    });
  });

  it("an id that was never used is what has the fields that are asked for", async () => {
    const { call, refusal } = openCalls();
    expect(await call("GET 1?fields=display_phone_number")).toHaveProperty("display_phone_number");
    expect(await call("GET 1?fields=currency")).toEqual({ id: "1", currency: "USD" });
    expect(await refusal("GET 1?fields=colour")).toBe("100");
  });
});
