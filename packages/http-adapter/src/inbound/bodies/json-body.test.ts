import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import { appSecrets, createTestApp, order } from "../../../test/app.ts";

const base = JSON.stringify(order).slice(0, -1);
const contacts = (number: string) =>
  `${base.replace('"text"', '"location"').replace(/"message":"[^"]*"/, `"message":{"latitude":1,"longitude":2,"note":${number}}`)}}`;

describe("a number in a body", () => {
  it.each([
    "9007199254740993",
    "-9007199254740993",
    "9007199254740992",
    "100000000000000000000",
    "123456789012345678901",
    "1".repeat(40),
    "12345678901234567.0",
    "12345678901234567.000",
    "1.2e16",
    "1.2E+16",
    "-1.2e+016",
    "12e15",
    "0.00012e20",
    "120000000000000000e-1",
    "90071992547409930e-1",
    "9007199254740992.0e0",
    "1e21",
    "1e400",
    `1${"0".repeat(30_000)}1`,
  ])("%s is refused, because it cannot be represented exactly", async (number) => {
    for (const body of [`${base},"x":[${number}]}`, contacts(number), number]) {
      const { post, ports } = createTestApp();
      const { status, json } = await post(body);
      expect([status, json["type"], json["detail"]]).toEqual([
        400,
        "/problems/invalid-request",
        "The body contains an integer too large to be represented exactly. Send it as a string.",
      ]);
      expect(ports.transport.submissions).toEqual([]);
    }
  });

  it.each([
    "9007199254740991",
    "9007199254740991.0",
    "-9007199254740991",
    "9.007199254740991e15",
    "9007199254740991e0",
    "1e15",
    "1E-400",
    "0e99",
    "0.000000000000000000e30",
    "0.12345678901234567890",
    "12345678901234567.5",
    '"9007199254740993"',
  ])("%s is accepted", async (number) => {
    const { post, ports } = createTestApp();
    expect((await post(contacts(number))).status).toBe(200);
    expect(ports.transport.submissions[0]?.content).toMatchObject({ location: { note: JSON.parse(number) } });
  });

  it("in a body with excessive nesting is refused for the nesting", async () => {
    const { post } = createTestApp();
    const { json } = await post(`${"[".repeat(30_000)}9007199254740993${"]".repeat(30_000)}`);
    expect(json["detail"]).toBe(
      "The body is nested too deeply, has too many values, or contains a forbidden key (`__proto__`).",
    );
  });

  it("of any size is accepted in a webhook", async () => {
    const { post } = createTestApp();
    const body = '{"object":"whatsapp_business_account","entry":[{"id":9007199254740993,"changes":[{"field":"x"}]}]}';
    const signature = createHmac("sha256", appSecrets[0] ?? "")
      .update(body)
      .digest("hex");
    const answer = await post(body, { "x-hub-signature-256": `sha256=${signature}` }, "/webhooks/whatsapp");
    expect(answer).toMatchObject({ status: 200, json: { kept: 1 } });
  });
});

describe("a duplicate key", () => {
  const withLocation = (location: string) =>
    `${base.replace('"text"', '"location"').replace(/"message":"[^"]*"/, `"message":${location}`)}}`;

  it.each([
    [`${base},"to":"+628123456780"}`, "/to"],
    [`${base},"\\u0074o":"+628123456780"}`, "/to"],
    [`${base},"t\\u006F" : null}`, "/to"],
    [`${base},"x":1,"x":1}`, "/x"],
    [withLocation('{"latitude":1,"longitude":2,"name":"a","name":"b"}'), "/message/name"],
    [withLocation('{"latitude":1,"longitude":2,"a":[{},{"b":{"c":1,"d":[],"c":{}}}]}'), "/message/a/1/b/c"],
    [withLocation('{"latitude":1,"longitude":2,"a\\"}{":1,"a\\u0022}{":1}'), '/message/a"}{'],
    ['{"":1,"":2}', ""],
    [`{"a":${'{"a":'.repeat(9000)}1${"}".repeat(9000)},"a":1}`, "/a"],
    [`{"a":{"\\u202Eb":1,"\\u202Eb":2}}`, "/a"],
  ])("is refused, with its pointer: %.200s", async (body, pointer) => {
    for (const path of ["/api/v1/messages/send", "/api/v1/messages/read", "/api/v1/messages/x/resolve"]) {
      const { post, ports } = createTestApp();
      const { status, json } = await post(body, {}, path);
      expect([status, json["detail"]]).toEqual([400, "The body contains an object with a duplicate key."]);
      expect(json["errors"]).toEqual([{ pointer, detail: "is a duplicate key" }]);
      expect(ports.transport.submissions).toEqual([]);
    }
  });

  it("is not one in two objects, or as a value", async () => {
    const { post } = createTestApp();
    const body = withLocation(
      '{"latitude":1,"longitude":2,"a":[{"b":1},{"b":1}],"b":{"a":"a","b":["a","a"]},"c\\"":1,"c":2}',
    );
    expect((await post(body)).status).toBe(200);
  });

  it("is reported together with inexact numbers", async () => {
    const { post } = createTestApp();
    const { json } = await post(`${base},"a":[1,12e16],"a":1}`);
    expect(json["errors"]).toEqual([
      { pointer: "/a/1", detail: "is an integer too large to be represented exactly" },
      { pointer: "/a", detail: "is a duplicate key" },
    ]);
  });
});

describe("a key with a backslash", () => {
  const { message: _, ...rest } = { ...order, message_type: "location" };
  const withKey = (key: string) =>
    `${JSON.stringify(rest).slice(0, -1)},"message":{"latitude":1,"longitude":2,${key}:1}}`;

  it.each([String.raw`"new_\\"`, String.raw`"new_\u005Cn" `, String.raw`"\\":`])("is refused: %s", async (key) => {
    const { post, ports } = createTestApp();
    const { status, json: problem } = await post(withKey(key));
    expect([status, problem["detail"]]).toEqual([400, "The body contains a key with a backslash."]);
    expect(ports.transport.submissions).toEqual([]);
  });

  it.each(['"', "\n", "\u0001"])("does not change a later key that ends in %j", async (end) => {
    const { post, ports } = createTestApp();
    await post(withKey(JSON.stringify("later_\\")));
    expect((await post(withKey(JSON.stringify(`later_${end}`)))).status).toBe(200);
    expect(ports.transport.submissions[0]?.content).toMatchObject({ location: { [`later_${end}`]: 1 } });
  });
});
