import { describe, expect, it } from "vitest";

import type { TemplateDefinition } from "./template-definition.ts";
import { templateProblems } from "./template-problems.ts";
import { wantedParametersOf } from "./wanted-parameters.ts";

const body = (text: string) => ({ type: "BODY", text });
const header = (format: string, text?: string) => ({ type: "HEADER", format, ...(text !== undefined && { text }) });
const buttons = (...all: readonly object[]) => ({ type: "BUTTONS", buttons: all });
const url = { type: "URL", text: "Track", url: "https://example.com/orders/{{1}}" };
const reply = { type: "QUICK_REPLY", text: "Stop" };

const texts = (...values: readonly string[]) => values.map((text) => ({ type: "text", text }));
const named = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([parameter_name, text]) => ({ type: "text", parameter_name, text }));
const given = (type: string, parameters: readonly object[], rest: object = {}) => ({ type, parameters, ...rest });
const button = (index: number | string, parameters: readonly object[] = texts("17"), sub_type = "url") =>
  given("button", parameters, { sub_type, index });

function problems(components: TemplateDefinition["components"], message: readonly unknown[], parameterFormat?: string) {
  const definition = {
    name: "order_ready",
    language: "en_US",
    status: "APPROVED",
    components,
    ...(parameterFormat !== undefined && { parameterFormat }),
  };
  return templateProblems(wantedParametersOf(definition), message).map(
    ({ path, detail }) => `${path.join("/")}: ${detail}`,
  );
}

describe("a message fits its template", () => {
  it.each<[string, readonly unknown[], readonly unknown[], string?]>([
    ["without parameters", [body("Hello!")], []],
    ["without parameters, with an empty body", [body("Hello!")], [given("body", [])]],
    ["with each number", [body("Hi {{1}}, {{2}}!")], [given("body", texts("a", "b"))], "POSITIONAL"],
    ["with a number that the text repeats", [body("{{1}} {{2}} {{1}}")], [given("BODY", texts("a", "b"))]],
    [
      "with amounts and times",
      [body("{{1}} {{2}}")],
      [given("body", [{ type: "currency" }, { type: "date_time" }])],
      "POSITIONAL",
    ],
    ["with each name, in any order", [body("{{a}} {{b_2}}")], [given("body", named({ b_2: "x", a: "y" }))], "NAMED"],
    ["with names for numbers", [body("{{1}} {{2}}")], [given("body", named({ 1: "a", x: "b" }))], "POSITIONAL"],
    ["with a text header", [header("TEXT", "Hi {{1}}"), body("Hello!")], [given("header", texts("a"))]],
    ["with a header of one text", [header("TEXT", "Hi"), body("Hello!")], []],
    ["with an image", [header("IMAGE"), body("Hello!")], [given("header", [{ type: "image", image: { id: "1" } }])]],
    ["with the end of a URL", [body("Hello!"), buttons(reply, url)], [button("1")]],
    [
      "with the payload of a quick reply",
      [body("Hello!"), buttons(reply)],
      [button(0, [{ type: "payload" }], "quick_reply")],
    ],
    ["without the payload of a quick reply", [body("Hello!"), buttons(reply)], []],
    [
      "with the code of an authentication template",
      [body("{{1}}"), buttons({ type: "OTP" })],
      [given("body", texts("1")), button(0)],
    ],
    [
      "with cards",
      [body("Hello!"), { type: "CAROUSEL", cards: [{ components: [header("IMAGE"), body("{{1}}")] }] }],
      [
        {
          type: "carousel",
          cards: [
            { card_index: 0, components: [given("header", [{ type: "image" }]), given("body", texts("a"))] },
            { card_index: 1, components: [] },
          ],
        },
      ],
    ],
  ])("%s", (_, components, message, format) => {
    expect(problems(components, message, format)).toEqual([]);
  });
});

describe("what is not understood is not checked", () => {
  const wrong = [given("header", texts("a", "b")), given("body", texts("a", "b", "c")), button(7)];
  it.each<[string, readonly unknown[], string?]>([
    ["a body without a text", [header("GIF"), { type: "BODY" }, { type: "BUTTONS" }]],
    ["numbers with a gap", [header("GIF"), body("{{1}} {{3}}"), { type: "BUTTONS", buttons: 5 }]],
    ["names that are none", [header("GIF"), body("{{First Name}}"), { type: "BUTTONS", buttons: 5 }]],
    ["numbers in a named template", [header("GIF"), body("{{1}}"), { type: "BUTTONS", buttons: 5 }], "NAMED"],
    ["names in a numbered template", [header("GIF"), body("{{a}}"), { type: "BUTTONS", buttons: 5 }], "POSITIONAL"],
    ["components of no form", [header("NEW"), { type: "BODY", text: 5 }, { type: "BUTTONS" }]],
  ])("%s", (_, components, format) => {
    expect(problems(components, wrong, format)).toEqual([]);
  });

  it("a component that is new", () => {
    expect(problems([body("Hello!"), { type: "NEW" }, 5, null], [given("new", texts("a")), { type: 5 }])).toEqual([]);
  });

  it("a button of a type that is new", () => {
    expect(problems([body("Hello!"), buttons({ type: "NEW" })], [button(0)])).toEqual([]);
  });
});

describe("a message that WhatsApp would refuse", () => {
  it.each<[string, readonly unknown[], readonly unknown[], readonly string[], string?]>([
    [
      "a parameter is missing",
      [body("Hi {{1}}, your order {{2}} is ready.")],
      [given("body", texts("Budi"))],
      ["components/0/parameters: the body takes 2 parameters ({{1}}, {{2}}), and the message has 1: {{2}} is missing"],
      "POSITIONAL",
    ],
    [
      "every component is missing",
      [body("Hi {{1}}, your order {{2}} is ready.")],
      [],
      ["components: the body takes 2 parameters ({{1}}, {{2}}), and the message has 0: {{1}}, {{2}} are missing"],
    ],
    [
      "there are too many",
      [body("Hi {{1}}!")],
      [given("body", texts("a", "b"))],
      ["components/0/parameters: the body takes 1 parameter ({{1}}), and the message has 2"],
    ],
    [
      "there are some where none belong",
      [body("Hi!")],
      [given("header", texts("a")), given("body", texts("b"))],
      [
        "components/0/parameters: the header takes no parameters, and the message has 1",
        "components/1/parameters: the body takes no parameters, and the message has 1",
      ],
    ],
    [
      "a name is missing",
      [body("Hi {{first_name}}, order {{order}}!")],
      [given("body", named({ first_name: "Budi", other: "x" }))],
      [
        "components/0/parameters: the body takes 2 parameters ({{first_name}}, {{order}}), and the message has 2: {{order}} is missing",
      ],
      "NAMED",
    ],
    [
      "parameters have no names",
      [body("Hi {{first_name}}!")],
      [given("body", texts("Budi"))],
      ["components/0/parameters: the parameters of the body are named: each needs its parameter_name (first_name)"],
      "NAMED",
    ],
    [
      "the header's text is missing",
      [header("TEXT", "Hi {{name}}"), body("Hello!")],
      [],
      ["components: the header takes 1 parameter ({{name}}), and the message has 0: {{name}} is missing"],
      "NAMED",
    ],
    [
      "the header's image is missing",
      [header("IMAGE"), body("Hello!")],
      [given("header", [])],
      ["components/0/parameters: the header takes 1 parameter of type image, and the message has none"],
    ],
    [
      "the header is of another type",
      [header("DOCUMENT"), body("Hello!")],
      [given("header", [{ type: "video", video: { id: "1" } }])],
      [
        "components/0/parameters: the header takes 1 parameter of type document, and the message has one of another type",
      ],
    ],
    [
      "the header is an image instead of a text",
      [header("TEXT", "{{1}}"), body("Hello!")],
      [given("header", [{ type: "image", image: { id: "1" } }])],
      ["components/0/parameters: the header takes 1 parameter of type text, and the message has one of another type"],
    ],
    [
      "the end of a URL is missing",
      [body("Hello!"), buttons(reply, url)],
      [],
      ["components: the URL of the button at index 1 takes 1 parameter, and the message has none"],
    ],
    [
      "the end of a URL is given to another button",
      [body("Hello!"), buttons(reply, url)],
      [button(0), button(1, [])],
      [
        "components/1/parameters: the URL of the button at index 1 takes 1 parameter, and the message has none",
        "components/0/index: the button at this index is of type quick_reply, which has no URL",
      ],
    ],
    [
      "there is no such button",
      [body("Hello!"), buttons(url)],
      [button(0), button(4)],
      ["components/1/index: no button has this index: the template has 1"],
    ],
    [
      "a card lacks a parameter",
      [body("Hello!"), { type: "CAROUSEL", cards: [{ components: [header("IMAGE"), body("{{1}}")] }] }],
      [{ type: "carousel", cards: [{ card_index: "0", components: [given("header", [{ type: "image" }])] }] }],
      ["components/0/cards/0/components: the body takes 1 parameter ({{1}}), and the message has 0: {{1}} is missing"],
    ],
  ])("%s", (_, components, message, found, format) => {
    expect(problems(components, message, format)).toEqual(found);
  });
});
