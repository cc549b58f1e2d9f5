import { z } from "zod";

import type { JsonSchema, RefineSchema } from "../routes/route.ts";

/** Turns schemas into JSON schemas. One with a name (`meta({ id })`) becomes a component, and a reference where it is used. */
export interface SchemaWriter {
  write(schema: z.ZodType, refine?: RefineSchema): JsonSchema;
  /** The components that were written so far, by name. */
  components(): Readonly<Record<string, JsonSchema>>;
}

export function createSchemaWriter(): SchemaWriter {
  const components = new Map<string, JsonSchema>();

  function define(name: string, schema: JsonSchema): JsonSchema {
    components.set(name, schema);
    return { $ref: `#/components/schemas/${name}` };
  }

  return {
    write(schema, refine) {
      // What a caller sends and gets is the input of a schema: nothing is transformed.
      const written = z.toJSONSchema(z.object({ schema }), { io: "input", override: simplify });
      for (const [name, component] of Object.entries(written.$defs ?? {})) components.set(name, referring(component));
      const own = referring(written.properties?.["schema"] as JsonSchema);
      if (!refine) return own;
      const name = own.$ref?.split("/").at(-1) ?? "";
      return define(name, refine(components.get(name) ?? own, define));
    },
    components: () => Object.fromEntries([...components].toSorted(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/**
 * `date-time` says the same as zod's pattern of 200 characters. What is never valid need not be offered as a choice. A boolean of a
 * query is checked as the text `true` or `false`.
 */
function simplify({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
  if (jsonSchema.type === "boolean") delete jsonSchema.enum;
  const [one, other] = jsonSchema.anyOf ?? [];
  if (one && other && JSON.stringify(one) === '{"not":{}}') {
    delete jsonSchema.anyOf;
    Object.assign(jsonSchema, other);
  }
}

function referring<S>(schema: S): S {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as S;
}
