import { describe, expect, it } from "vitest";

import { createTestApp, order } from "../../test/app.ts";

async function errorsOf(body: object, path?: string) {
  const { post } = createTestApp();
  const { status, json } = await post(JSON.stringify(body), {}, path);
  expect(status).toBe(400);
  return json["errors"];
}

describe("a field that is missing", () => {
  it("is called missing, and not what it is not", async () => {
    const errors = await errorsOf({});
    const names = ["tenant_id", "outlet_id", "conversation_id", "to", "message_type", "message"];
    expect(errors).toEqual(names.map((name) => ({ pointer: `/${name}`, detail: "is missing" })));
    expect(await errorsOf({ ...order, message: undefined })).toEqual([{ pointer: "/message", detail: "is missing" }]);
    expect(await errorsOf({}, "/api/v1/messages/read")).toEqual(
      ["tenant_id", "outlet_id", "whatsapp_message_id"].map((name) => ({ pointer: `/${name}`, detail: "is missing" })),
    );
    expect(await errorsOf({}, "/api/v1/messages/x/resolve")).toEqual([{ pointer: "/action", detail: "is missing" }]);
  });

  it("is none that is null or of another kind", async () => {
    expect(await errorsOf({ ...order, tenant_id: null, to: 5, message_type: [] })).toEqual([
      { pointer: "/tenant_id", detail: "is not a UUID" },
      { pointer: "/to", detail: "is not a string" },
      { pointer: "/message_type", detail: "is not a string" },
    ]);
  });
});

it.each([5, null, true, [["a"]]])("of a text, %j is neither of the two forms that it may have", async (message) => {
  expect(await errorsOf({ ...order, message })).toEqual([
    { pointer: "/message", detail: "is neither a text (a string) nor Meta's text object" },
  ]);
});
