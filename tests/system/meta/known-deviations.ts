import { type Json, typeOf } from "./published-examples.ts";

/** Where Meta's schema rejects what Meta documents and accepts. The documentation wins. */
export interface KnownDeviation {
  readonly deviation: string;
  readonly reason: string;
  /** The examples in which it occurs. */
  readonly concerns: (body: Json) => boolean;
}

const closed = (body: Json): boolean => body["status"] === undefined && typeOf(body) !== "template";
const isClosed =
  "Each message but a template is `allOf` the properties that all messages share and an object with " +
  "`additionalProperties: false`, which therefore refuses every one of the shared properties.";

export const knownDeviations: readonly KnownDeviation[] = [
  ...["messaging_product", "recipient_type", "to"].map((property) => ({
    deviation: `/ additionalProperties ${property}`,
    reason: isClosed,
    concerns: closed,
  })),
  {
    deviation: "/ additionalProperties context",
    reason: isClosed,
    concerns: (body) => closed(body) && body["context"] !== undefined,
  },
  {
    deviation: "/ additionalProperties biz_opaque_callback_data",
    reason: "The file has it for calls only. Meta's documentation has it for messages.",
    concerns: closed,
  },
  {
    deviation: "/type discriminator",
    reason: "A read receipt is among the examples of the operation, but there is no schema for it.",
    concerns: (body) => body["status"] === "read",
  },
  ...["latitude", "longitude"].map((property) => ({
    deviation: `/location/${property} type string`,
    reason: "Meta's examples of it are numbers, even those in the schema.",
    concerns: (body: Json) => typeOf(body) === "location",
  })),
  ...["/interactive/type enum", "/interactive/action oneOf none"].map((deviation) => ({
    deviation,
    reason: "Payments (`order_details`, `order_status`) are among the examples, but not in the schema.",
    concerns: (body: Json) => String((body["interactive"] as Json | undefined)?.["type"]).startsWith("order_"),
  })),
  {
    deviation: "/template/language required policy",
    reason: "It is optional in Meta's documentation, and has only one value.",
    concerns: (body) => typeOf(body) === "template" && languageOf(body)["policy"] === undefined,
  },
  {
    deviation: "/template/components/*/index pattern",
    reason: "`^[2-6, 11-14]$` was meant as ranges, but is a set of characters, without the 0 of a first button.",
    concerns: (body) => componentsOf(body).some(({ index }) => index === "0"),
  },
  {
    deviation: "/template/components/*/index type string",
    reason: "It is a number in some of Meta's examples.",
    concerns: (body) => componentsOf(body).some(({ index }) => typeof index === "number"),
  },
  {
    deviation: "/template/components/*/sub_type enum",
    reason: "Meta's documentation has more kinds, such as `flow`, and one of its examples is in capitals.",
    concerns: (body) =>
      componentsOf(body).some(
        ({ sub_type: kind = "url" }) => !["quick_reply", "url", "catalog"].includes(String(kind)),
      ),
  },
];

function languageOf(body: Json): Json {
  return (body["template"] as Json)["language"] as Json;
}

function componentsOf(body: Json): readonly Json[] {
  return ((body["template"] as Json | undefined)?.["components"] ?? []) as Json[];
}
