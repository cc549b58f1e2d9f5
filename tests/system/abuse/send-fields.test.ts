import { describe, expect, it } from "vitest";

import { order, useAbusedServer } from "./abused-server.ts";
import { foreignNames, hiddenNames, notIdentifiers, notPlainJson, notRecipients, oddFields } from "./inputs/fields.ts";
import { titleOf } from "./rows.ts";

const server = useAbusedServer();
const refuse = (changes: Readonly<Record<string, unknown>>) =>
  server.expectRefusal({ body: JSON.stringify({ ...order, ...changes }) }, 400);

describe(titleOf("send: names"), () => {
  const withName = (name: string) => JSON.stringify(order).replace("{", `{"${name}":{"admin":true},`);
  const quoted = (name: string) => JSON.stringify(name).slice(1, -1);

  it.each([...foreignNames.map(quoted), ...hiddenNames].map((name) => [name.slice(0, 40), name]))(
    "%j",
    async (_, name) => {
      await server.expectRefusal({ body: withName(name) }, 400);
    },
  );

  it("every route that changes something refuses them", async () => {
    for (const path of ["/api/v1/messages/read", "/api/v1/messages/message-1/resolve"]) {
      for (const name of foreignNames) {
        const body = `{"action":"abandon","tenant_id":"a","outlet_id":"b","whatsapp_message_id":"c","${quoted(name)}":1}`;
        await server.expectRefusal({ path, body }, 400);
      }
    }
  });

  it("the prototypes of the server's objects are as they were", async () => {
    const answer = await server.send(order);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain("admin");
  });
});

describe(titleOf("send: recipient"), () => {
  it.each(notRecipients.map((to) => [String(JSON.stringify(to)).slice(0, 60), to]))("%s", async (_, to) => {
    await refuse({ to });
  });

  it.each(["+628123456789", "+1234567", "+123456789012345", "US.13491208655302741918"])(
    "%s is one",
    async (recipient) => {
      const { status, json } = await server.send({ ...order, to: recipient });
      expect([status, json["status"]]).toEqual([200, "sent"]);
    },
  );
});

describe("send: identifiers that are none, and other fields: 400", () => {
  it.each(notIdentifiers.map((id) => [String(JSON.stringify(id)).slice(0, 60), id]))("%s", async (_, id) => {
    for (const name of ["tenant_id", "outlet_id", "conversation_id"]) await refuse({ [name]: id });
    const receipt = { tenant_id: id, outlet_id: "a", whatsapp_message_id: "wamid.1" };
    await server.expectRefusal({ path: "/api/v1/messages/read", body: JSON.stringify(receipt) }, 400);
  });

  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "then"])(
    "%s is an id like any other",
    async (id) => {
      for (const name of ["tenant_id", "outlet_id"]) {
        const answer = await server.expectRefusal({ body: JSON.stringify({ ...order, [name]: id }) }, 404);
        expect(answer.json["detail"]).toBe("No such tenant or outlet.");
      }
      expect((await server.send({ ...order, conversation_id: id, reference: id })).status).toBe(200);
      expect((await server.send(order, { "idempotency-key": id })).headers["idempotency-replayed"]).toBeUndefined();
    },
  );

  it.each(Object.entries(oddFields))("%s", async (_, changes) => {
    await refuse(changes);
  });
});

describe(titleOf("send: media type"), () => {
  const routes = ["/api/v1/messages/send", "/api/v1/messages/read", "/api/v1/messages/message-1/resolve"];

  it.each(notPlainJson)("%o", async (headers) => {
    for (const path of routes) {
      const body = Buffer.from(JSON.stringify(order));
      await server.expectRefusal({ path, headers: { "content-type": [], ...headers }, body }, 415);
    }
  });

  it.each([
    { "content-type": "application/json; charset=UTF-8" },
    { "content-type": 'application/json;charset="utf-8"' },
    { "content-type": "APPLICATION/JSON" },
    { "content-type": "application/json; profile=x" },
    { "content-type": "application/json", "content-encoding": "identity" },
  ])("%o is JSON in UTF-8", async (headers) => {
    expect((await server.send(order, headers)).status).toBe(200);
  });
});
