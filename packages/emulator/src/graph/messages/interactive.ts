import { isRecord, recordsAt } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { carousel } from "./carousel.ts";
import { actionNamed, header, linkButton, replyButtons } from "./interactive-parts.ts";
import {
  allOf,
  array,
  badValue,
  byType,
  label,
  nonEmptyLabel,
  nonEmptyText,
  notAllowed,
  number,
  object,
  optional,
  pattern,
  type Rule,
  text,
} from "./rules.ts";

const body = object({ text: nonEmptyLabel("Body text", 1024) });
const footer = optional(object({ text: nonEmptyLabel("Footer text", 60) }));
const media = ["text", "image", "video", "document"];
const noHeader = notAllowed("this type has no header");

const row = object({
  id: nonEmptyLabel("Row id", 200),
  title: nonEmptyLabel("Row title", 24),
  description: optional(label("Row description", 72)),
});
const sectionTitle = optional(label("Section title", 24));
const section = object({ title: sectionTitle, rows: array(row, 1, 10) });
const productItem = object({ product_retailer_id: nonEmptyText() });
const productSection = object({ title: sectionTitle, product_items: array(productItem, 1, 30) });

/** Product sections, in a message or on a template's button. */
export const productSections: Rule = allOf(array(productSection, 1, 10), checkProducts);

const flow = allOf(
  object({
    flow_message_version: nonEmptyText(),
    flow_cta: nonEmptyLabel("Flow CTA", 30),
    mode: optional(text()),
    flow_token: optional(text()),
    flow_action: optional(text()),
    flow_action_payload: optional(object({ screen: optional(nonEmptyText()), data: optional(notEmpty) })),
  }),
  (value, at) => exactlyOne(value, at, "flow_id", "flow_name"),
);

const voiceCall = object({
  display_text: optional(nonEmptyLabel("Button title", 20)),
  ttl_minutes: optional(number(1, 43_200)),
  payload: optional(nonEmptyLabel("Payload", 512)),
});

/** The rule of each interactive type. */
const types = {
  button: object({ header: optional(header(media)), body, footer, action: object({ buttons: replyButtons }) }),
  list: object({
    header: optional(header(["text"])),
    body: object({ text: nonEmptyLabel("Body text", 4096) }),
    footer,
    action: object({ button: nonEmptyLabel("Button title", 20), sections: allOf(array(section, 1, 10), checkRows) }),
  }),
  cta_url: object({
    header: optional(header(media)),
    body,
    footer,
    action: actionNamed("cta_url", linkButton),
  }),
  flow: object({ header: optional(header(media)), body, footer, action: actionNamed("flow", flow) }),
  product: object({
    header: noHeader,
    body: optional(body),
    footer,
    action: object({ catalog_id: nonEmptyText(), product_retailer_id: nonEmptyText() }),
  }),
  product_list: object({
    header: header(["text"]),
    body,
    footer,
    action: object({ catalog_id: nonEmptyText(), sections: productSections }),
  }),
  catalog_message: object({
    body,
    footer,
    action: actionNamed(
      "catalog_message",
      optional(object({ thumbnail_product_retailer_id: optional(nonEmptyText()) })),
    ),
  }),
  location_request_message: object({ body, action: actionNamed("send_location") }),
  address_message: object({
    body,
    footer,
    action: actionNamed("address_message", object({ country: pattern(/^[A-Z]{2}$/, "a country code") })),
  }),
  carousel: allOf(object({ header: noHeader, body, footer: notAllowed("a carousel has no footer") }), carousel),
  voice_call: object({ body, action: actionNamed("voice_call", optional(voiceCall)) }),
  call_permission_request: object({ action: actionNamed("call_permission_request") }),
  request_contact_info: object({ body, action: actionNamed("request_contact_info") }),
  order_details: object({ body, footer, action: actionNamed("review_and_pay", object()) }),
  order_status: object({ body, footer, action: actionNamed("review_order", object()) }),
} satisfies Readonly<Record<string, Rule>>;

/** @internal The coverage matrix lists them. */
export const supportedInteractiveTypes: readonly string[] = Object.keys(types);

/** An unknown type passes: WhatsApp adds new ones every year. */
export const interactive: Rule = byType("type", types);

function checkRows(value: unknown, at: string): GraphError | undefined {
  const sections = recordsAt({ value }, "value");
  const rows = sections.flatMap((one) => recordsAt(one, "rows"));
  if (rows.length > 10) return badValue(`Total row count exceed max allowed count: 10`);
  return checkSectionTitles(sections, at);
}

function checkProducts(value: unknown, at: string): GraphError | undefined {
  const sections = recordsAt({ value }, "value");
  if (sections.flatMap((one) => recordsAt(one, "product_items")).length > 30) {
    return badValue("Total product count exceed max allowed count: 30");
  }
  return checkSectionTitles(sections, at);
}

function checkSectionTitles(
  sections: readonly Readonly<Record<string, unknown>>[],
  at: string,
): GraphError | undefined {
  const bare = sections.findIndex(({ title }) => title === undefined || title === "");
  if (sections.length === 1 || bare === -1) return undefined;
  return { code: 131008, details: `Parameter ${at}[${bare}]['title'] is mandatory with more than one section.` };
}

function notEmpty(value: unknown, at: string): GraphError | undefined {
  return isRecord(value) && Object.keys(value).length > 0 ? undefined : badValue(`${at} must not be empty.`);
}

function exactlyOne(value: unknown, at: string, one: string, other: string): GraphError | undefined {
  const given = isRecord(value) ? [one, other].filter((key) => value[key] !== undefined) : [];
  if (given.length === 0) return { code: 131008, details: `One of ${at}['${one}'] or ${at}['${other}'] is mandatory.` };
  return given.length === 2 ? badValue(`${at} has both a ${one} and a ${other}.`) : undefined;
}
