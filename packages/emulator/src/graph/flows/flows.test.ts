import { describe, expect, it } from "vitest";

import { openCalls, unknownObject } from "../../../test/call-graph.ts";

const success = { success: true };
const screens = JSON.stringify({ version: "7.0", screens: [{ id: "ONE" }] });

function form(fields: Readonly<Record<string, string>>, json?: string) {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  if (json !== undefined) made.set("file", new File([json], "flow.json", { type: "application/json" }));
  return made;
}

const asset = (json: string) => form({ name: "flow.json", asset_type: "FLOW_JSON" }, json);

async function withFlow() {
  const graph = openCalls();
  const { id } = await graph.call("POST 90/flows", form({ name: "Sign up", categories: '["SIGN_UP"]' }));
  return { ...graph, id: id as string };
}

it("create a flow, list flows, read a flow, update a flow, delete a flow", async () => {
  const { call, id, refusal } = await withFlow();
  expect((await call("GET 90/flows")).data).toMatchObject([
    { id, name: "Sign up", status: "DRAFT", categories: ["SIGN_UP"] },
  ]);
  expect(await call("GET 91/flows")).toEqual({ data: [] });
  expect(await call(`POST ${id}`, form({ name: "Sign in", endpoint_uri: "https://example.com" }))).toEqual(success);
  expect(await call(`GET ${id}?fields=name,endpoint_uri,preview.invalidate(false)`)).toMatchObject({
    id,
    name: "Sign in",
    endpoint_uri: "https://example.com",
    preview: { preview_url: expect.any(String) },
  });
  expect(await refusal("POST 90/flows", { name: "Sign in", categories: ["OTHER"] })).toBe("100/4016019");
  expect(await refusal("POST 90/flows", { name: "New", categories: ["NONE"] })).toBe("100");
  expect(await refusal("POST 90/flows", { name: "New" })).toBe("100");
  expect(await call(`DELETE ${id}`)).toEqual(success);
  expect(await refusal(`GET ${id}`)).toBe(unknownObject);
  expect(await call("GET 90/flows")).toEqual({ data: [] });
});

describe("upload the JSON of a flow, publish a flow, deprecate a flow", () => {
  it("in this order only", async () => {
    const { call, id, refusal } = await withFlow();
    expect(await refusal(`POST ${id}/publish`)).toBe("139002");
    expect(await refusal(`POST ${id}/deprecate`)).toBe("139003");
    expect(await call(`POST ${id}/assets`, asset(screens))).toEqual({ success: true, validation_errors: [] });
    expect(await call(`POST ${id}/publish`)).toEqual(success);
    expect(await refusal(`POST ${id}/assets`, asset(screens))).toBe("139001");
    expect(await refusal(`DELETE ${id}`)).toBe("139004");
    expect(await call(`POST ${id}/deprecate`)).toEqual(success);
    expect(await call(`GET ${id}?fields=status,json_version`)).toEqual({
      id,
      status: "DEPRECATED",
      json_version: "7.0",
    });
    expect(await refusal(`POST ${id}`, { name: "New" })).toBe("139001");
  });

  it.each(["{", "[]", '{"version":"7.0"}', '{"screens":[{}]}'])(
    "what is wrong with %s is said, and not published",
    async (json) => {
      const { call, id, refusal } = await withFlow();
      const { validation_errors: problems } = await call(`POST ${id}/assets`, asset(json));
      expect(problems.length).toBeGreaterThan(0);
      expect((await call(`GET ${id}`)).validation_errors).toEqual(problems);
      expect(await refusal(`POST ${id}/publish`)).toBe("139002");
    },
  );

  it("list the assets of a flow, download the JSON of a flow", async () => {
    const { ask, call, id } = await withFlow();
    expect(await call(`GET ${id}/assets`)).toEqual({ data: [] });
    await call(`POST ${id}/assets`, asset(screens));
    const { data } = await call(`GET ${id}/assets`);
    expect(data).toMatchObject([{ name: "flow.json", asset_type: "FLOW_JSON" }]);
    expect(await (await ask(`GET ${data[0].download_url}`)).text()).toBe(screens);
  });

  it("at once, on its creation", async () => {
    const { call } = openCalls();
    const { id } = await call("POST 90/flows", {
      name: "All",
      categories: ["OTHER"],
      flow_json: screens,
      publish: true,
    });
    expect(await call(`GET ${id}?fields=status`)).toEqual({ id, status: "PUBLISHED" });
  });
});

it("migrate flows: the named ones, as new drafts", async () => {
  const { call, id, refusal } = await withFlow();
  const names = JSON.stringify(["Sign up", "Sign off"]);
  const answer = await call("POST 91/migrate_flows", form({ source_waba_id: "90", source_flow_names: names }));
  expect(answer).toMatchObject({
    migrated_flows: [{ source_name: "Sign up", source_id: id }],
    failed_flows: [{ source_name: "Sign off" }],
  });
  expect((await call("GET 91/flows")).data).toMatchObject([{ name: "Sign up", status: "DRAFT" }]);
  expect(await refusal("POST 91/migrate_flows", {})).toBe("100");
});
