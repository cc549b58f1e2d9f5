import { z } from "zod";

import { contentSchemas } from "./content-schemas.ts";
import type { MessageType } from "./content.ts";
import { openUnions } from "./open-union.ts";
import { describedComponentsSchema, templateComponentsSchema } from "./template/template-components.ts";

/** A JSON schema (2020-12), as plain JSON. */
export type ContentJsonSchema = Readonly<Record<string, unknown>>;

/**
 * Meta's object under each type as a JSON schema, from the schemas that `parseContent` checks it with. It admits all that
 * `parseContent` accepts, except for a `null` in an optional field. It admits more where a rule spans several fields.
 */
export function contentJsonSchemas(): Readonly<Record<MessageType, ContentJsonSchema>> {
  const written = Object.entries(contentSchemas).map(([type, schema]) => [type, jsonSchemaOf(schema())]);
  return Object.fromEntries(written) as Record<MessageType, ContentJsonSchema>;
}

type Json = z.core.JSONSchema.BaseSchema;

function jsonSchemaOf(schema: z.core.$ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: "input", override: describeChecks });
  return json;
}

/** Fills in what a check hides from JSON schema. */
function describeChecks({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: Json }): void {
  if (zodSchema === templateComponentsSchema()) Object.assign(jsonSchema, jsonSchemaOf(describedComponentsSchema()));
  const union = openUnions.get(zodSchema);
  if (!union) return;
  const { field, kinds } = union;
  const known = [...kinds].flatMap(([kind, schema]) => kindOf(jsonSchemaOf(schema), field, kind));
  const newer = { title: "another kind", properties: { [field]: { not: { enum: [...kinds.keys()] } } } };
  jsonSchema.anyOf = [...known, newer];
}

/** A kind that is known but not allowed here rejects its own name, and is left out. */
function kindOf(json: Json, field: string, kind: string): readonly Json[] {
  const { [field]: own, ...properties } = json.properties ?? {};
  if (typeof own === "object" && own.enum && !own.enum.includes(kind)) return [];
  const named = { [field]: { type: "string" as const, const: kind }, ...properties };
  return [{ title: kind, ...json, properties: named, required: [field, ...(json.required ?? [])] }];
}
