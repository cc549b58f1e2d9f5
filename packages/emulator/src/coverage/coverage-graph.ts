import type { CoverageEntry, CoveredFeatures } from "./coverage-entry.ts";

const send = "POST /:number/messages";

/** Meta's codes for sending (Cloud API, "Error codes", September 2026), and Graph's own for an unknown path. */
const errorCodes = [
  0, 1, 2, 3, 4, 10, 17, 32, 33, 100, 102, 104, 190, 341, 368, 506, 613, 803, 2500, 80007, 130403, 130429, 130472,
  130497, 131000, 131005, 131008, 131009, 131016, 131021, 131026, 131030, 131031, 131037, 131042, 131045, 131047,
  131048, 131049, 131050, 131051, 131052, 131053, 131055, 131056, 131057, 131062, 131063, 131064, 132000, 132001,
  132005, 132007, 132012, 132015, 132016, 132018, 132021, 132068, 132069, 133000, 133004, 133005, 133006, 133008,
  133009, 133010, 133015, 133016, 134011, 134100, 134101, 134102, 135000, 137000, 139001, 139002, 139003, 139004,
  139100, 139200,
];

/** WhatsApp's Cloud API. */
export const graphCoverage: readonly CoverageEntry[] = [
  message("send a text", "text"),
  message("send an image", "image"),
  message("send a video", "video"),
  message("send an audio", "audio"),
  message("send a document", "document"),
  message("send a sticker", "sticker"),
  message("send a location", "location"),
  message("send contacts", "contacts"),
  message("send a reaction", "reaction"),
  message("send an interactive message", "interactive"),
  message("send a template", "template"),

  interactive("button"),
  interactive("list"),
  interactive("cta_url"),
  interactive("flow"),
  interactive("product"),
  interactive("product_list"),
  interactive("catalog_message"),
  interactive("location_request_message"),
  interactive("address_message", "The country is checked; the address itself is not."),
  interactive("carousel"),
  interactive("voice_call"),
  interactive("call_permission_request"),
  interactive("request_contact_info"),
  interactive("order_details", "Only the action's name is checked."),
  interactive("order_status", "Only the action's name is checked."),

  component("header"),
  component("body"),
  component("button"),
  component("limited_time_offer"),
  component("carousel"),
  button("quick_reply"),
  button("url"),
  button("copy_code"),
  button("flow"),
  button("catalog"),
  button("mpm"),
  button("voice_call", "Only that each parameter has a type is checked."),
  button("order_details", "Only that it is an object is checked."),

  does(
    "unknown types",
    ["graph/messages/interactive.test.ts", "graph/messages/template.test.ts"],
    "Interactive messages, headers, cards, buttons, components and parameters of an unknown type pass unchecked.",
  ),
  does(
    "templates",
    ["graph/templates/templates.test.ts"],
    "Name, language, number, names and types of parameters, buttons, and status, of seeded and of created templates.",
    {
      errorCodes: [131008, 132000, 132001, 132012, 132015, 132016, 131062, 131050],
    },
  ),
  does(
    "message_status",
    ["graph/message-statuses.test.ts"],
    "accepted for templates; any other by template or recipient.",
  ),
  does(
    "wa_id that differs",
    ["graph/people/wa-id.test.ts"],
    "By a table, a function, or the rules of Mexico, Argentina and Brazil.",
  ),
  does(
    "business-scoped user id",
    ["graph/messages/message.test.ts", "webhooks/status-webhooks.integration.test.ts"],
    "",
  ),
  does("mark as read, typing", ["graph/receipts.test.ts"], "Any message id, unless strict.", { errorCodes: [131009] }),
  does("throughput of a number", ["graph/limits/limits.test.ts"], "A sliding second; off by default.", {
    errorCodes: [130429],
  }),
  does("rate of a pair", ["graph/limits/limits.test.ts"], "With a burst that must be paid back; off by default.", {
    errorCodes: [131056],
  }),
  does("24-hour window", ["graph/limits/limits.test.ts"], "Opened by inbound messages; off by default.", {
    errorCodes: [131047],
  }),
  does("usage headers", ["graph/usage.test.ts"], "As set; they are not computed from the calls."),
  does(
    "access tokens",
    ["graph/access/tokens.test.ts"],
    "Unknown, expired, revoked and another number's tokens, once tokens are seeded.",
    {
      errorCodes: [100, 190],
    },
  ),
  does("every error code", ["graph/graph-error.test.ts"], "Through a fault, with Meta's status and shape.", {
    errorCodes,
  }),
  does(
    "faults",
    ["faults/faults.test.ts", "sandbox/sandbox.integration.test.ts"],
    "Graph errors, statuses, delays and broken connections.",
  ),
  does(
    "status webhooks",
    ["webhooks/status-webhooks.integration.test.ts", "webhooks/meta-webhooks.integration.test.ts"],
    "sent, delivered, read, played and failed, signed; batched, withheld, shuffled, duplicated and retried. No groups.",
  ),
  does(
    "inbound messages",
    ["webhooks/inbound.integration.test.ts"],
    "Signed webhooks with messages of any type, as given.",
  ),
  does(
    "any other change",
    ["webhooks/inbound.integration.test.ts"],
    "Signed, as given: payments in statuses, templates.",
  ),
  does("marketing preferences", ["webhooks/inbound.integration.test.ts"], "Signed webhooks of stop and resume."),
  {
    service: "graph",
    operation: "send marketing messages",
    route: "POST /:number/marketing_messages",
    status: "supported",
    testedBy: ["graph/marketing-messages.test.ts"],
    notes: "As on the Cloud API, and templates for marketing only. No time to live.",
    covers: { errorCodes: [131055, 134100] },
  },
  {
    service: "graph",
    operation: "upload media",
    route: "POST /:number/media",
    status: "supported",
    testedBy: ["graph/media/media.integration.test.ts"],
    notes: "A gigabyte of files is kept; none is inspected.",
    covers: { errorCodes: [100, 131053] },
  },
];

function does(operation: string, testedBy: readonly string[], notes: string, covers?: CoveredFeatures): CoverageEntry {
  return { service: "graph", operation, route: send, status: "supported", testedBy, notes, ...(covers && { covers }) };
}

function message(operation: string, type: string): CoverageEntry {
  return does(operation, ["graph/messages/message.test.ts"], "", { messageTypes: [type] });
}

function interactive(type: string, notes = ""): CoverageEntry {
  return checked(`interactive ${type}`, "graph/messages/interactive.test.ts", notes, { interactiveTypes: [type] });
}

function component(type: string): CoverageEntry {
  return checked(`template ${type}`, "graph/messages/template.test.ts", "", { templateComponents: [type] });
}

function button(subType: string, notes = ""): CoverageEntry {
  return checked(`template button ${subType}`, "graph/messages/template.test.ts", notes, {
    templateButtons: [subType],
  });
}

/** An operation whose notes say what is not checked is partial. */
function checked(operation: string, testedBy: string, notes: string, covers: CoveredFeatures): CoverageEntry {
  return { ...does(operation, [testedBy], notes, covers), status: notes === "" ? "supported" : "partial" };
}
