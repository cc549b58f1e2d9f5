import { contentJsonSchemas } from "@message-sender/core/content";

import type { JsonSchema, RefineSchema } from "../routes/route.ts";

/** A message as one schema for each message type: `message` is what Meta puts under that type. `prefix`: of their names. */
export const byMessageType =
  (prefix: string): RefineSchema =>
  ({ title: _, properties = {}, ...body }, define) => {
    const contents = Object.entries(contentJsonSchemas());
    const variants = contents.map(([type, content]) => {
      const named = `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
      const message = { ...propertyOf(properties, "message"), ...define(`${named}Content`, messageOf(type, content)) };
      const message_type = { ...propertyOf(properties, "message_type"), const: type };
      return [
        type,
        define(`${prefix}${named}`, { title: type, ...body, properties: { ...properties, message_type, message } }),
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
