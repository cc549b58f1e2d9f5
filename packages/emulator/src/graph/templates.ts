import { z } from "zod";

import { isRecord, recordsAt } from "../json/records.ts";
import type { GraphError } from "./graph-error.ts";

/** Meta's categories of templates. */
export type TemplateCategory = "utility" | "marketing" | "authentication";

/** A template that exists in WhatsApp. */
export interface TemplateSeed {
  readonly name: string;
  readonly language: string;
  /** Default: utility. */
  readonly category?: TemplateCategory;
  /** The number of parameters in the body, or their names if they are named. Default: 0. */
  readonly body?: number | readonly string[];
  /** The type of the header's parameter. Default: the header has none. */
  readonly header?: "text" | "image" | "video" | "document" | "location" | "product";
  /** The buttons, by their index. `url` is one whose URL ends in a parameter. Default: none. */
  readonly buttons?: readonly TemplateButtonSeed[];
  /** Default: approved. */
  readonly status?: TemplateStatus;
}

/** A button of a seeded template. */
export type TemplateButtonSeed = "url" | "quick_reply";
/** What Meta says of a template. */
export type TemplateStatus = "approved" | "pending" | "rejected" | "paused" | "disabled";

export const templatesSchema: z.ZodType<readonly TemplateSeed[]> = z.array(
  z.strictObject({
    name: z.string().min(1),
    language: z.string().min(1),
    category: z.enum(["utility", "marketing", "authentication"]).exactOptional(),
    body: z.union([z.int().min(0), z.array(z.string().min(1))]).exactOptional(),
    header: z.enum(["text", "image", "video", "document", "location", "product"]).exactOptional(),
    buttons: z
      .array(z.enum(["url", "quick_reply"]))
      .max(10)
      .exactOptional(),
    status: z.enum(["approved", "pending", "rejected", "paused", "disabled"]).exactOptional(),
  }),
);

/** The template that a message names; undefined when none are seeded, so that every template is accepted. */
export function templateOf(
  seeds: readonly TemplateSeed[],
  message: Readonly<Record<string, unknown>>,
): TemplateSeed | GraphError | undefined {
  const content = message["template"];
  if (seeds.length === 0 || !isRecord(content)) return undefined;
  const code = isRecord(content["language"]) ? String(content["language"]["code"]) : "";
  const name = String(content["name"]);
  const seed = seeds.find((known) => known.name === name && known.language === code);
  if (seed && seed.status !== "pending" && seed.status !== "rejected") return seed;
  return { code: 132001, details: `template name (${name}) does not exist in ${code}` };
}

/** The category of the template that a message names, when it is seeded. */
export function categoryOf(
  seeds: readonly TemplateSeed[],
  message: Readonly<Record<string, unknown>>,
): TemplateCategory | undefined {
  const seed = templateOf(seeds, message);
  return seed && "name" in seed ? (seed.category ?? "utility") : undefined;
}

/** Checks that the template can be sent with these components. */
export function checkTemplate(seed: TemplateSeed, components: unknown): GraphError | undefined {
  if (seed.status === "paused") return { code: 132015, details: `template (${seed.name}) is paused` };
  if (seed.status === "disabled") return { code: 132016, details: `template (${seed.name}) is disabled` };
  const given = recordsAt({ components }, "components");
  const parametersOf = (wanted: string) =>
    given.filter(({ type }) => String(type).toLowerCase() === wanted).flatMap((one) => recordsAt(one, "parameters"));
  return (
    checkHeader(seed, parametersOf("header")) ?? checkBody(seed, parametersOf("body")) ?? checkButtons(seed, given)
  );
}

type Parameters = readonly Readonly<Record<string, unknown>>[];

function checkHeader({ header }: TemplateSeed, parameters: Parameters): GraphError | undefined {
  const count = header === undefined ? 0 : 1;
  if (parameters.length !== count) return countMismatch("header", parameters.length, count);
  const type = parameters[0]?.["type"];
  if (type === header) return undefined;
  return {
    code: 132012,
    details: `header: Format mismatch, expected ${String(header).toUpperCase()}, received ${String(type).toUpperCase()}`,
  };
}

function checkBody({ body = 0 }: TemplateSeed, parameters: Parameters): GraphError | undefined {
  const count = typeof body === "number" ? body : body.length;
  if (parameters.length !== count) return countMismatch("body", parameters.length, count);
  // No page of Meta says that numbered parameters must not have a name.
  if (typeof body === "number") return undefined;
  const names = parameters.flatMap(({ parameter_name: name }) => (typeof name === "string" ? [name] : []));
  if (names.length === 0 && count > 0) return namesMissing;
  const missing = body.find((name) => !names.includes(name));
  return missing === undefined ? undefined : { code: 132012, details: `body: no parameter is named ${missing}` };
}

/** As laravel-notification-whatsapp#41 and whatomate#144 quote it. */
const namesMissing: GraphError = {
  code: 100,
  message: "Invalid parameter",
  details: "Parameter name is missing or empty",
};

/** Meta's words, as whatomate#501 and chatwoot#12393 quote them. */
function checkButtons({ buttons = [] }: TemplateSeed, components: Parameters): GraphError | undefined {
  const given = new Set(
    components
      .filter((one) => String(one["type"]).toLowerCase() === "button" && recordsAt(one, "parameters").length > 0)
      .map(({ index }) => Number(index)),
  );
  const missing = buttons.findIndex((type, index) => type === "url" && !given.has(index));
  if (missing === -1) return undefined;
  return { code: 131008, details: `buttons: Button at index ${missing} of type Url requires a parameter` };
}

function countMismatch(where: string, given: number, expected: number): GraphError {
  return {
    code: 132000,
    details: `${where}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
  };
}
