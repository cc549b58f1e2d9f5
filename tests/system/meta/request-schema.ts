import { readFileSync } from "node:fs";

import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import formats from "ajv-formats";

import type { Json } from "./published-examples.ts";

interface RequestSchema {
  readonly components: {
    readonly schemas: { readonly Message: { readonly discriminator: { readonly mapping: Record<string, string> } } };
  };
}

const file = JSON.parse(
  readFileSync(new URL("published/request-schema.json", import.meta.url), "utf8"),
) as RequestSchema;
const { mapping } = file.components.schemas.Message.discriminator;
// Not strict: OpenAPI's own keywords (`example`, `discriminator`) mean nothing to JSON Schema.
const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);
ajv.addSchema(file, "meta");

/**
 * Where a body for `/messages` deviates from Meta's schema: a JSON pointer (`/` for the body itself, `*` for an index), the
 * keyword and what it names. The schema is the one that the discriminator names, because "none of eleven" would not help.
 */
export function deviationsOf(body: Json): string[] {
  const reference = mapping[String(body["type"])];
  if (reference === undefined) return ["/type discriminator"];
  const validate = ajv.getSchema(`meta${reference}`);
  if (!validate) throw new Error(`${reference} is not in the schema`);
  if (validate(body) === true) return [];
  const errors = validate.errors ?? [];
  const undecided = errors.filter(({ keyword }) => keyword === "oneOf").map(({ instancePath }) => instancePath);
  // If an object matches none of its variants, the errors of each variant are noise.
  const told = errors.filter(
    ({ keyword, instancePath }) =>
      !undecided.some((path) => (instancePath === path ? keyword !== "oneOf" : instancePath.startsWith(`${path}/`))),
  );
  return [...new Set(told.map(deviation))].toSorted();
}

function deviation({ instancePath, keyword, params }: ErrorObject): string {
  const pointer = instancePath.replaceAll(/\/\d+(?=\/|$)/g, "/*") || "/";
  return [pointer, keyword, named(keyword, params as Json)].filter((part) => part !== "").join(" ");
}

function named(keyword: string, params: Json): string {
  if (keyword === "oneOf") return Array.isArray(params["passingSchemas"]) ? "several" : "none";
  const { additionalProperty, missingProperty, type, format } = params as Readonly<Record<string, string | undefined>>;
  return additionalProperty ?? missingProperty ?? type ?? format ?? "";
}
