import { z } from "zod";

import { isRecord } from "../json/records.ts";
import type { GraphError } from "./graph-error.ts";
import { recordsAt } from "../json/records.ts";

export type TemplateCategory = "utility" | "marketing" | "authentication";

/** A template as it was approved. */
export interface TemplateSeed {
  readonly name: string;
  readonly language: string;
  /** Default: utility. */
  readonly category?: TemplateCategory;
  /** How many parameters the body has, or their names where it names them. Default: 0. */
  readonly body?: number | readonly string[];
  /** What the header's parameter is. Default: the header has none. */
  readonly header?: "text" | "image" | "video" | "document" | "location" | "product";
  /** Default: approved. */
  readonly status?: "approved" | "paused" | "disabled";
}

export const templatesSchema: z.ZodType<readonly TemplateSeed[]> = z.array(
  z.strictObject({
    name: z.string().min(1),
    language: z.string().min(1),
    category: z.enum(["utility", "marketing", "authentication"]).exactOptional(),
    body: z.union([z.int().min(0), z.array(z.string().min(1))]).exactOptional(),
    header: z.enum(["text", "image", "video", "document", "location", "product"]).exactOptional(),
    status: z.enum(["approved", "paused", "disabled"]).exactOptional(),
  }),
);

/** The template that a message names; undefined where none were seeded: any template will do then. */
export function templateOf(
  seeds: readonly TemplateSeed[],
  message: Readonly<Record<string, unknown>>,
): TemplateSeed | GraphError | undefined {
  const content = message["template"];
  if (seeds.length === 0 || !isRecord(content)) return undefined;
  const code = isRecord(content["language"]) ? String(content["language"]["code"]) : "";
  const name = String(content["name"]);
  const seed = seeds.find((known) => known.name === name && known.language === code);
  return seed ?? { code: 132001, details: `template name (${name}) does not exist in ${code}` };
}

/** The category of the template that a message names, where it was seeded. */
export function categoryOf(
  seeds: readonly TemplateSeed[],
  message: Readonly<Record<string, unknown>>,
): TemplateCategory | undefined {
  const seed = templateOf(seeds, message);
  return seed && "name" in seed ? (seed.category ?? "utility") : undefined;
}

/** Why the template cannot be sent with these components. */
export function refusalOfTemplate(seed: TemplateSeed, components: unknown): GraphError | undefined {
  if (seed.status === "paused") return { code: 132015, details: `template (${seed.name}) is paused` };
  if (seed.status === "disabled") return { code: 132016, details: `template (${seed.name}) is disabled` };
  const given = recordsAt({ components }, "components");
  const parametersOf = (wanted: string) =>
    given.filter(({ type }) => String(type).toLowerCase() === wanted).flatMap((one) => recordsAt(one, "parameters"));
  return refusalOfHeader(seed, parametersOf("header")) ?? refusalOfBody(seed, parametersOf("body"));
}

type Parameters = readonly Readonly<Record<string, unknown>>[];

function refusalOfHeader({ header }: TemplateSeed, parameters: Parameters): GraphError | undefined {
  const count = header === undefined ? 0 : 1;
  if (parameters.length !== count) return miscounted("header", parameters.length, count);
  const type = parameters[0]?.["type"];
  if (type === header) return undefined;
  return {
    code: 132012,
    details: `header: Format mismatch, expected ${String(header).toUpperCase()}, received ${String(type).toUpperCase()}`,
  };
}

function refusalOfBody({ body = 0 }: TemplateSeed, parameters: Parameters): GraphError | undefined {
  const count = typeof body === "number" ? body : body.length;
  if (parameters.length !== count) return miscounted("body", parameters.length, count);
  const names = parameters.flatMap(({ parameter_name: name }) => (typeof name === "string" ? [name] : []));
  if (typeof body === "number") {
    return names.length === 0 ? undefined : { code: 132012, details: "body: the template's parameters have no names" };
  }
  const missing = body.find((name) => !names.includes(name));
  return missing === undefined
    ? undefined
    : { code: 132012, details: `body: Parameter name is missing or empty: ${missing}` };
}

function miscounted(where: string, given: number, expected: number): GraphError {
  return {
    code: 132000,
    details: `${where}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
  };
}
