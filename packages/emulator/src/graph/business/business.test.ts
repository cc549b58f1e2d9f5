import { expect, it } from "vitest";

import { openCalls, unknownObject } from "../../../test/call-graph.ts";

const success = { success: true };

it("read a business, list owned accounts, list client accounts, list credit lines", async () => {
  const outlet = { waba_access_token: "EAAtoken", phone_number_id: "11", waba_id: "90" };
  const { call, refusal } = openCalls({ tenants: { t: { outlets: { a: outlet } } } });
  expect((await call("GET 5/owned_whatsapp_business_accounts")).data).toMatchObject([{ id: "90", name: "Sandbox" }]);
  expect(await call("GET 5?fields=id,name,timezone_id,verification_status")).toMatchObject({ id: "5", timezone_id: 1 });
  expect(await call("GET 5/client_whatsapp_business_accounts")).toEqual({ data: [] });
  expect((await call("GET 5/extendedcredits")).data).toMatchObject([{ legal_entity_name: "Sandbox" }]);
  expect(await refusal("GET 5/owned_whatsapp_business_accounts", undefined, { token: "EAAbad" })).toBe("190");
});

it("add, list, verify, share and delete a pre-verified number", async () => {
  const { call, refusal } = openCalls();
  // add a pre-verified number
  const { id } = await call("POST 5/add_phone_numbers", { phone_number: "+1 555 0100" });
  const list = async (query = "") => (await call(`GET 5/preverified_numbers${query}`)).data;
  // list pre-verified numbers, read a pre-verified number
  expect(await list()).toMatchObject([{ id, display_phone_number: "+15550100", verification_status: "PENDING" }]);
  expect(await list("?verification_status=VERIFIED")).toEqual([]);
  expect(await call(`GET ${id}`)).toMatchObject({ id, is_input_id_valid: true });
  // request a code for a number, verify a code for a number
  expect(await call(`POST ${id}/request_code`, { code_method: "VOICE", language: "en_US" })).toEqual(success);
  expect(await call(`POST ${id}/verify_code`, { code: "123456" })).toEqual({ success: true, id });
  expect(await list()).toMatchObject([{ verification_status: "VERIFIED" }]);
  // share a pre-verified number, list the partners of a number
  const share = { preverified_id: id, partner_business_id: "6" };
  expect(await call("POST 5/share_preverified_numbers", share)).toEqual(success);
  expect(await refusal("POST 6/share_preverified_numbers", share)).toBe(unknownObject);
  expect((await call(`GET ${id}/partners`)).data).toEqual([{ id: "6", name: "Business 6" }]);
  // delete a pre-verified number
  expect(await call(`DELETE ${id}`)).toEqual(success);
  expect(await list()).toEqual([]);
  expect(await refusal(`GET ${id}`)).toBe(unknownObject);
  expect(await refusal("POST 5/add_phone_numbers", {})).toBe("100");
});
