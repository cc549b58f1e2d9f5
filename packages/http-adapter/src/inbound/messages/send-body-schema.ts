import { contentJsonSchemas } from "@message-sender/core/content";

import type { JsonSchema, RefineSchema } from "../routes/route.ts";

/** The body of a send as one schema for each message type: `message` is what Meta puts under that type. */
export const byMessageType: RefineSchema = ({ title: _, properties = {}, ...body }, define) => {
  const contents = Object.entries(contentJsonSchemas());
  const variants = contents.map(([type, content]) => {
    const message = { ...propertyOf(properties, "message"), ...messageOf(type, content) };
    const message_type = { ...propertyOf(properties, "message_type"), const: type };
    const name = `Send${type.charAt(0).toUpperCase()}${type.slice(1)}`;
    return [
      type,
      define(name, { title: type, ...body, properties: { ...properties, message_type, message } }),
    ] as const;
  });
  return {
    oneOf: variants.map(([, reference]) => reference),
    discriminator: {
      propertyName: "message_type",
      mapping: Object.fromEntries(variants.map(([type, { $ref }]) => [type, $ref])),
    },
  };
};

function messageOf(type: string, content: JsonSchema): JsonSchema {
  if (type !== "text") return content;
  const plain = { title: "the text", ...propertyOf(content.properties ?? {}, "body") };
  return { anyOf: [plain, { title: "Meta's object", ...content }] };
}

function propertyOf(properties: NonNullable<JsonSchema["properties"]>, name: string): JsonSchema {
  const property = properties[name];
  return typeof property === "object" ? property : {};
}
