import { expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";

it("with access to some tenants, only what belongs to them is erased", async () => {
  const { post, send, sender, ports } = createTestApp({
    access: (request) => {
      const tenants = request.headers.get("authorization") === "Bearer of-one" ? [order.tenant_id] : ("all" as const);
      return { tenants, scopes: ["send", "read", "admin"] };
    },
  });
  const other = "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4aff";
  const sendAs = async (tenant_id: string) => {
    ports.transport.answerWith({ kind: "Accepted", wamid: `wamid.${tenant_id}` });
    const { json, status } = await ports.clock.runUntil(send({ ...order, tenant_id }));
    expect(status).toBe(200);
    return String(json["message_id"]);
  };
  const [mine, theirs] = [await sendAs(order.tenant_id), await sendAs(other)];
  const heard = { kind: "Wrote", phoneNumberId: "1", recipient: order.to, at: ports.clock.now() } as const;
  (
    await sender.receiveWebhook({ recipientFacts: [heard], others: [`{"from":"${order.to.slice(1)}"}`] })
  )._unsafeUnwrap();
  const erase = (authorization: string) =>
    post(JSON.stringify({ to: order.to }), { authorization }, "/api/v1/admin/erase");
  const to = async (id: string) => (await sender.find(id))._unsafeUnwrap().request.to;

  expect(await erase("Bearer of-one")).toMatchObject({
    status: 200,
    json: { messages: 1, canceled: 0, recipients: 0, webhooks: 0 },
  });
  expect([await to(mine), await to(theirs)]).toEqual(["erased", order.to]);
  expect(await erase("Bearer of-all")).toMatchObject({
    status: 200,
    json: { messages: 1, canceled: 0, recipients: 1, webhooks: 1 },
  });
  expect(await to(theirs)).toBe("erased");
});
