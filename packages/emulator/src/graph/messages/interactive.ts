import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { carousel } from "./carousel.ts";
import { actionNamed, button, header, replyButtons } from "./interactive-parts.ts";
import {
  absent,
  all,
  badValue,
  byKind,
  label,
  noteLabel,
  list,
  note,
  number,
  object,
  optional,
  pattern,
  type Rule,
  text,
} from "./rules.ts";
import { recordsAt } from "../../json/records.ts";

const body = object({ text: label("Body text", 1024) });
const footer = optional(object({ text: label("Footer text", 60) }));
const media = ["text", "image", "video", "document"];
const noHeader = absent("this type has no header");

const row = object({
  id: label("Row id", 200),
  title: label("Row title", 24),
  description: optional(noteLabel("Row description", 72)),
});
const sectionTitle = optional(noteLabel("Section title", 24));
const section = object({ title: sectionTitle, rows: list(row, 1, 10) });
const productItem = object({ product_retailer_id: text() });
const productSection = object({ title: sectionTitle, product_items: list(productItem, 1, 30) });

/** Sections of products, in a message or on a template's button. */
export const productSections: Rule = all(list(productSection, 1, 10), products);

const flow = all(
  object({
    flow_message_version: text(),
    flow_cta: label("Flow CTA", 30),
    mode: optional(note()),
    flow_token: optional(note()),
    flow_action: optional(note()),
    flow_action_payload: optional(object({ screen: optional(text()), data: optional(notEmpty) })),
  }),
  (value, at) => exactlyOne(value, at, "flow_id", "flow_name"),
);

const voiceCall = object({
  display_text: optional(label("Button title", 20)),
  ttl_minutes: optional(number(1, 43_200)),
  payload: optional(label("Payload", 512)),
});

/** What each type of an interactive message is made of. */
const types = {
  button: object({ header: optional(header(media)), body, footer, action: object({ buttons: replyButtons }) }),
  list: object({
    header: optional(header(["text"])),
    body: object({ text: label("Body text", 4096) }),
    footer,
    action: object({ button: label("Button title", 20), sections: all(list(section, 1, 10), listRows) }),
  }),
  cta_url: object({
    header: optional(header(media)),
    body,
    footer,
    action: actionNamed("cta_url", button),
  }),
  flow: object({ header: optional(header(media)), body, footer, action: actionNamed("flow", flow) }),
  product: object({
    header: noHeader,
    body: optional(body),
    footer,
    action: object({ catalog_id: text(), product_retailer_id: text() }),
  }),
  product_list: object({
    header: header(["text"]),
    body,
    footer,
    action: object({ catalog_id: text(), sections: productSections }),
  }),
  catalog_message: object({
    body,
    footer,
    action: actionNamed("catalog_message", optional(object({ thumbnail_product_retailer_id: optional(text()) }))),
  }),
  location_request_message: object({ body, action: actionNamed("send_location") }),
  address_message: object({
    body,
    footer,
    action: actionNamed("address_message", object({ country: pattern(/^[A-Z]{2}$/, "a country code") })),
  }),
  carousel: all(object({ header: noHeader, body, footer: absent("a carousel has no footer") }), carousel),
  voice_call: object({ body, action: actionNamed("voice_call", optional(voiceCall)) }),
  call_permission_request: object({ action: actionNamed("call_permission_request") }),
  request_contact_info: object({ body, action: actionNamed("request_contact_info") }),
  order_details: object({ body, footer, action: actionNamed("review_and_pay", object()) }),
  order_status: object({ body, footer, action: actionNamed("review_order", object()) }),
} satisfies Readonly<Record<string, Rule>>;

export const supportedInteractiveTypes: readonly string[] = Object.keys(types);

/** A type that is not known here passes: WhatsApp has more of them each year. */
export const interactive: Rule = byKind("type", types);

function listRows(value: unknown, at: string): GraphError | undefined {
  const sections = recordsAt({ value }, "value");
  const rows = sections.flatMap((one) => recordsAt(one, "rows"));
  if (rows.length > 10) return badValue(`Total row count exceed max allowed count: 10`);
  return titled(sections, at);
}

function products(value: unknown, at: string): GraphError | undefined {
  const sections = recordsAt({ value }, "value");
  if (sections.flatMap((one) => recordsAt(one, "product_items")).length > 30) {
    return badValue("Total product count exceed max allowed count: 30");
  }
  return titled(sections, at);
}

function titled(sections: readonly Readonly<Record<string, unknown>>[], at: string): GraphError | undefined {
  const bare = sections.findIndex(({ title }) => title === undefined || title === "");
  if (sections.length === 1 || bare === -1) return undefined;
  return { code: 131008, details: `Parameter ${at}[${bare}]['title'] is mandatory with several sections.` };
}

function notEmpty(value: unknown, at: string): GraphError | undefined {
  return isRecord(value) && Object.keys(value).length > 0 ? undefined : badValue(`${at} must not be empty.`);
}

function exactlyOne(value: unknown, at: string, one: string, other: string): GraphError | undefined {
  const given = isRecord(value) ? [one, other].filter((key) => value[key] !== undefined) : [];
  if (given.length === 0)
    return { code: 131008, details: `One of ${at}['${one}'] and ${at}['${other}'] is mandatory.` };
  return given.length === 2 ? badValue(`${at} has both a ${one} and a ${other}.`) : undefined;
}
