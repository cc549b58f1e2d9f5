import { describe, expect, it } from "vitest";

import { useAbusedServer, verifyToken } from "./abused-server.ts";
import { titleOf } from "./rows.ts";

const server = useAbusedServer();
const right = { "hub.mode": "subscribe", "hub.verify_token": verifyToken, "hub.challenge": "1158201444" };

const queryOf = (changes: Readonly<Record<string, string | undefined>>) =>
  Object.entries({ ...right, ...changes })
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
    .join("&");

const refuse = (query: string, status: number) =>
  server.expectRefusal({ method: "GET", path: `/webhooks/whatsapp?${query}` }, status);

describe(titleOf("webhook: handshake"), () => {
  it("answers Meta with its challenge, as plain text", async () => {
    const answer = await server.call({ method: "GET", path: `/webhooks/whatsapp?${queryOf({})}` });
    expect([answer.status, answer.text]).toEqual([200, "1158201444"]);
    expect(answer.headers["content-type"]).toMatch(/^text\/plain/);
  });

  it.each(
    [
      "",
      "x",
      verifyToken.slice(1),
      `${verifyToken}x`,
      `${verifyToken}%00`,
      `%20${verifyToken}`,
      verifyToken.toUpperCase(),
      "x".repeat(8000),
      "%FF%FE",
      "undefined",
      "null",
    ].map((token) => [token.slice(0, 40), token]),
  )("the token %s", async (_, token) => {
    await refuse(queryOf({ "hub.verify_token": token }), 403);
  });

  it.each(["", "unsubscribe", "SUBSCRIBE", "subscribe%20"])("the mode %s", async (mode) => {
    await refuse(queryOf({ "hub.mode": mode }), 403);
  });

  it.each(
    [
      "<script>alert(1)</script>",
      "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
      "%3Cimg%20src=x%20onerror=alert(1)%3E",
      "%0d%0aSet-Cookie:%20a=b",
      "%00",
      "1%0a2",
      "a%20b",
      "%E2%80%AEabc",
      "%1b[2J",
      "javascript:alert(1)",
      "1".repeat(129),
      "1".repeat(8000),
      "",
    ].map((challenge) => [challenge.slice(0, 40), challenge]),
  )("the challenge %s", async (_, challenge) => {
    await refuse(queryOf({ "hub.challenge": challenge }), 400);
  });

  it.each(Object.keys(right))("%s missing", async (name) => {
    await refuse(queryOf({ [name]: undefined }), 400);
  });

  it.each(Object.entries(right))("%s repeated", async (name, value) => {
    await refuse(`${queryOf({})}&${name}=${value}`, 400);
    await refuse(`${queryOf({})}&${name}=x`, 400);
    await refuse(`${name}=x&${queryOf({})}`, 400);
  });

  it.each(["", "hub.mode[]=subscribe", "hub[mode]=subscribe&hub[verify_token]=x&hub[challenge]=1", "%", "&&&", "="])(
    "the query %s",
    async (query) => {
      await refuse(query, 400);
    },
  );
});
