import { z } from "zod";

/** A JSON schema of OpenAPI 3.1. */
export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Turns schemas into JSON schemas. One with a name (`meta({ id })`) becomes a component, and a reference where it is used. */
export interface SchemaWriter {
  write(schema: z.ZodType): JsonSchema;
  /** The components that were written so far, by name. */
  components(): Readonly<Record<string, JsonSchema>>;
}

export function createSchemaWriter(): SchemaWriter {
  const components = new Map<string, JsonSchema>();
  return {
    write(schema) {
      // What a caller sends and gets is the input of a schema: nothing is transformed.
      const written = z.toJSONSchema(z.object({ schema }), { io: "input", override: simplify });
      for (const [name, component] of Object.entries(written.$defs ?? {})) components.set(name, referring(component));
      return referring(written.properties?.["schema"] as JsonSchema);
    },
    components: () => Object.fromEntries([...components].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** `date-time` says the same as zod's pattern of 200 characters. What is never valid need not be offered as a choice. */
function simplify({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
  const [one, other] = jsonSchema.anyOf ?? [];
  if (one && other && JSON.stringify(one) === '{"not":{}}') {
    delete jsonSchema.anyOf;
    Object.assign(jsonSchema, other);
  }
}

/** A named schema has its name as `id`, which is no keyword of JSON schema. A property of that name has a schema. */
function referring<S>(schema: S): S {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    const isName = key === "$schema" || (key === "id" && typeof value === "string");
    return isName ? undefined : value;
  });
  return JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as S;
}
