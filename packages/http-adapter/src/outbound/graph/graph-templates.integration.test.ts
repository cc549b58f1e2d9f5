import type { TemplateDefinition } from "@message-sender/core/adapter";
import { describeTemplatesContract, exampleCredential } from "@message-sender/core/contracts";
import { afterEach, describe, expect, it } from "vitest";

import { startHttpServer } from "../../../test/loopback.ts";
import { createGraphTemplates } from "./graph-templates.ts";

type Answer = readonly [status: number, body: unknown];

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Templates from a server that answers each request so; `page` counts from 0. */
async function open(answer: (url: URL, page: number, token: string) => Answer | undefined) {
  let page = 0;
  const server = await startHttpServer(({ url, headers }, response) => {
    const token = headers.authorization?.slice("Bearer ".length) ?? "";
    const said = answer(new URL(url, "http://graph"), page, token);
    page += 1;
    if (!said) return response.destroy();
    return response.writeHead(said[0]).end(typeof said[1] === "string" ? said[1] : JSON.stringify(said[1]));
  });
  const templates = createGraphTemplates({ url: server.url });
  const close = async () => {
    await templates.close();
    await server.close();
  };
  return { templates, server, close };
}

const encode = ({ parameterFormat, ...rest }: TemplateDefinition) => ({
  ...rest,
  ...(parameterFormat !== undefined && { parameter_format: parameterFormat }),
  id: "1",
  category: "UTILITY",
});

describeTemplatesContract({
  name: "Graph templates",
  async setup() {
    const accounts = new Map<string, readonly TemplateDefinition[]>();
    const { templates, server, close } = await open(({ pathname, searchParams }) => {
      const [, version, wabaId = "", edge] = pathname.split("/");
      if (version !== "v25.0" || edge !== "message_templates") return [404, {}];
      const all = accounts.get(wabaId) ?? [];
      const from = Number(searchParams.get("after") ?? 0);
      const to = from + Number(searchParams.get("limit"));
      const data = all.slice(from, to).map(encode);
      const next = to < all.length ? { next: "https://elsewhere.example.com/" } : {};
      return [200, { data, paging: { cursors: { before: String(from), after: String(to) }, ...next } }];
    });
    return {
      templates,
      set: (wabaId, own) => void accounts.set(wabaId, own),
      goAway: () => server.close(),
      close,
    };
  },
});

describe("a list of templates", () => {
  const credential = { ...exampleCredential("1"), wabaId: "102290129340398" };
  const token = credential.accessToken.reveal();
  const orderReady = { name: "order_ready", language: "en_US", status: "APPROVED", components: [] };

  const list = async (answer: Parameters<typeof open>[0], wabaId = credential.wabaId) => {
    const { templates, server, close } = await open(answer);
    closers.push(close);
    return { listed: await templates.list({ ...credential, wabaId }), requests: server.requests };
  };

  it("is asked for with the token, by the fields that are needed", async () => {
    const { requests } = await list(() => [200, { data: [] }]);
    expect(requests.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
      [
        "GET",
        "/v25.0/102290129340398/message_templates?fields=name%2Clanguage%2Cstatus%2Cparameter_format%2Ccomponents&limit=200",
        `Bearer ${token}`,
      ],
    ]);
  });

  it("leaves out what has an unknown form", async () => {
    const { listed } = await list(() => [
      200,
      { data: [5, null, { name: "x" }, orderReady, { ...orderReady, components: 5 }] },
    ]);
    expect(listed._unsafeUnwrap()).toEqual([orderReady, orderReady]);
  });

  it.each<[string, (url: URL, page: number, token: string) => Answer | undefined]>([
    ["an error that quotes the token", (_, __, said) => [400, { error: { code: 190, message: `what is ${said}?` } }]],
    ["an error of no form", () => [500, "<html>"]],
    ["a success that is no list", () => [200, { data: {} }]],
    ["a success that is no JSON", () => [200, "<html>"]],
    ["a broken connection", () => undefined],
    ["a second page that is missing", (_, page) => (page === 0 ? [200, more("a")] : [500, "{}"])],
    ["pages without an end", () => [200, more("a")]],
    ["too many pages", (_, page) => [200, more(String(page))]],
  ])("is unavailable after %s", async (_, answer) => {
    const { listed } = await list(answer);
    const error = listed._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: "Unavailable", reason: expect.stringContaining("cannot be listed") });
    expect(JSON.stringify(error)).not.toContain(token);
  });

  it("of an account whose id is no id is not asked for", async () => {
    const { listed, requests } = await list(() => [200, { data: [] }], "../me?x=");
    expect([listed._unsafeUnwrapErr().kind, requests.length]).toEqual(["Unavailable", 0]);
  });

  const more = (after: string) => ({ data: [orderReady], paging: { cursors: { after }, next: "https://x/" } });
});
