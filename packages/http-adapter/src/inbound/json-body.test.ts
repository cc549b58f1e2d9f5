import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import { appSecrets, createTestApp, order } from "../../test/app.ts";

const base = JSON.stringify(order).slice(0, -1);
const contacts = (number: string) =>
  `${base.replace('"text"', '"location"').replace(/"message":"[^"]*"/, `"message":{"latitude":1,"longitude":2,"note":${number}}`)}}`;

describe("a number in a body", () => {
  it.each(["9007199254740993", "-9007199254740993", "123456789012345678901", "1".repeat(40)])(
    "%s is refused, since it could not be kept as it is",
    async (number) => {
      for (const body of [`${base},"x":[${number}]}`, contacts(number), number]) {
        const { post, ports } = createTestApp();
        const { status, json } = await post(body);
        expect([status, json["type"], json["detail"]]).toEqual([
          400,
          "/problems/invalid-request",
          "The body holds a whole number too large to be kept exactly; write it as text.",
        ]);
        expect(ports.transport.submissions).toEqual([]);
      }
    },
  );

  it.each([
    "9007199254740991",
    "9007199254740992",
    "100000000000000000000",
    "-9007199254740991",
    "1e21",
    "0.12345678901234567890",
    "12345678901234567.5",
    '"9007199254740993"',
  ])("%s is taken", async (number) => {
    const { post, ports } = createTestApp();
    expect((await post(contacts(number))).status).toBe(200);
    expect(ports.transport.submissions[0]?.content).toMatchObject({ location: { note: JSON.parse(number) } });
  });

  it("in a body nested as deeply as one can be is refused for its depth", async () => {
    const { post } = createTestApp();
    const { json } = await post(`${"[".repeat(30_000)}9007199254740993${"]".repeat(30_000)}`);
    expect(json["detail"]).toBe("The body is nested too deeply, too large or has odd keys.");
  });

  it("in a webhook is what WhatsApp wrote, and no reason to refuse it", async () => {
    const { post } = createTestApp();
    const body = '{"object":"whatsapp_business_account","entry":[{"id":9007199254740993,"changes":[{"field":"x"}]}]}';
    const signature = createHmac("sha256", appSecrets[0] ?? "")
      .update(body)
      .digest("hex");
    const answer = await post(body, { "x-hub-signature-256": `sha256=${signature}` }, "/webhooks/whatsapp");
    expect(answer).toMatchObject({ status: 200, json: { kept: 1 } });
  });
});
