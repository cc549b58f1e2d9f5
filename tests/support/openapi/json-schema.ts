import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Validates values against schemas of a document. */
export interface SchemaCheck {
  /** What is wrong with a value; empty if it is valid. */
  faults(schema: JsonSchema, value: unknown): readonly string[];
}

/**
 * Answers may gain fields without notice, so the document leaves them open. Here they are closed: a field that is not documented
 * is a fault.
 */
export function createSchemaCheck(components: Readonly<Record<string, JsonSchema>>): SchemaCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "document", components: { schemas: closed(components) } });
  const compiled = new Map<JsonSchema, ValidateFunction>();
  /** Most answers that are problems have the same schema, and to compile it takes milliseconds. */
  const byText = new Map<string, ValidateFunction>();

  function compile(schema: JsonSchema): ValidateFunction {
    const text = JSON.stringify(schema);
    const validate = byText.get(text) ?? ajv.compile(closed(schema) as JsonSchema);
    byText.set(text, validate);
    compiled.set(schema, validate);
    return validate;
  }

  return {
    faults(schema, value) {
      const validate = compiled.get(schema) ?? compile(schema);
      return validate(value) ? [] : (validate.errors ?? []).map(describe);
    },
  };
}

function describe({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}

/** Closes every object with fields, and refers to the components by the name under which they were added. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (copy["type"] === "object" && "properties" in copy && !("additionalProperties" in copy)) {
    copy["additionalProperties"] = false;
  }
  if (typeof copy["$ref"] === "string") copy["$ref"] = `document${copy["$ref"]}`;
  return copy;
}
