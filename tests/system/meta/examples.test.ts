import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { knownDeviations } from "./known-deviations.ts";
import { graphBodyOf, type Json, metaExamples, sendRequestOf } from "./published-examples.ts";
import { deviationsOf } from "./request-schema.ts";
import { outlet, type RunningService, startService, tenant } from "../../support/running-service.ts";

const examples = metaExamples("message-request-examples");
const sends = examples.filter(({ body }) => body["status"] !== "read");
const reads = examples.filter(({ body }) => body["status"] === "read");
const to = "+6281234567890";

let service: RunningService;
beforeAll(async () => {
  service = await startService({ isShared: true });
});
beforeEach(() => service.sandbox.reset());
afterAll(() => service.close());

/** The only body that reached Graph. */
function reached({ sandbox }: RunningService): Json {
  expect(sandbox.graph.requests).toHaveLength(1);
  return sandbox.graph.requests[0]?.body as Json;
}

const knownOf = (body: Json): string[] =>
  knownDeviations
    .filter(({ concerns }) => concerns(body))
    .map(({ deviation }) => deviation)
    .toSorted();

describe("Meta's examples of a request", () => {
  it("are 50, without any placeholder left", () => {
    expect([sends.length, reads.length]).toEqual([49, 1]);
    expect(JSON.stringify(examples.map(({ body }) => body))).not.toMatch(/[<>]|\{\{|http\(s\)/);
  });

  it.each(sends)(
    "$name reaches Graph as Meta wrote it, and deviates from Meta's schema only in known ways",
    async (example) => {
      const answer = await service.send(sendRequestOf(example, to));
      expect(answer).toMatchObject({ status: 200, body: { status: "sent" } });
      const body = reached(service);
      expect(body).toEqual({
        ...graphBodyOf(example),
        to,
        biz_opaque_callback_data: `ms1:${String(answer.body["message_id"])}:1`,
      });
      expect(deviationsOf(body)).toEqual(knownOf(body));
    },
  );

  it.each(reads)("$name reaches Graph as Meta wrote it", async (example) => {
    const answer = await service.post("/api/v1/messages/read", {
      tenant_id: tenant,
      outlet_id: outlet,
      whatsapp_message_id: example.body["message_id"],
      typing: true,
    });
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect(reached(service)).toEqual(example.body);
    expect(deviationsOf(reached(service))).toEqual(knownOf(example.body));
  });
});

describe("the known deviations from Meta's schema", () => {
  it.each(knownDeviations)("$deviation occurs", ({ concerns }) => {
    expect(examples.map(graphBodyOf).some(concerns)).toBe(true);
  });
});

describe("Meta's schema sees", () => {
  const bodyOf = (name: string): Json => {
    const example = examples.find((each) => each.name === name);
    if (!example) throw new Error(`${name} is not an example`);
    return { ...graphBodyOf(example), to, biz_opaque_callback_data: "ms1:id:1" };
  };

  it.each<[what: string, name: string, from: RegExp, into: string, deviation: string]>([
    ["an unknown field", "send-text-message", /^\{/, '{"tenant_id":"t",', "/ additionalProperties tenant_id"],
    [
      "an unknown field inside a text",
      "send-text-message",
      /"text":\{/,
      '$&"bodi":"",',
      "/text additionalProperties bodi",
    ],
    ["a text that is not a string", "send-text-message", /"body":".*?"/, '"body":5', "/text/body type string"],
    ["a message without its object", "send-text-message", /"text":\{.*?\}/, '"text":null', "/text type object"],
    ["an unknown type", "send-text-message", /"type":"text"/, '"type":"texts"', "/type discriminator"],
    ["no recipient", "send-text-message", /"to":".*?",/, "", "/ required to"],
    ["an image without a source", "send-image-message-by-id", /"id":/, '"di":', "/image oneOf none"],
    [
      "an image with two sources",
      "send-image-message-by-id",
      /"id":/,
      '"link":"https://a.example","id":',
      "/image oneOf several",
    ],
    ["an invalid link", "send-image-message-by-url", /https:/, "", "/image oneOf none"],
    [
      "a list button that is too long",
      "send-list-message",
      /BUTTON_TEXT/,
      "a".repeat(21),
      "/interactive/action oneOf none",
    ],
    [
      "a footer that is too long",
      "send-list-message",
      /FOOTER_TEXT/,
      "a".repeat(61),
      "/interactive/footer/text maxLength",
    ],
    ["an invalid date", "send-contact-message", /2012-08-18/, "2012-18-08", "/contacts/*/birthday format date"],
    ["a phone without a number", "send-contact-message", /"phone":/, '"fone":', "/contacts/*/phones/* required phone"],
    ["a template without a name", "send-test-message", /"name":".*?"/, '"nam":""', "/template required name"],
  ])("%s", (_, name, from, into, deviation) => {
    const text = JSON.stringify(bodyOf(name));
    expect(text).toMatch(from);
    const body = JSON.parse(text.replace(from, into)) as Json;
    expect(deviationsOf(body)).toContain(deviation);
    expect(knownOf(bodyOf(name))).not.toContain(deviation);
  });
});
