import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import type { Ask } from "../objects/operation.ts";
import { isNoneOf, isNot, lacks, list, text } from "../objects/parameters.ts";
import type { TemplateCategory } from "./template-seed.ts";
import type { StoredTemplate, TemplateDraft } from "./template-store.ts";

const categories = ["AUTHENTICATION", "MARKETING", "UTILITY"];
const componentTypes = ["HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER"];
const lengths: Readonly<Record<string, number>> = { HEADER: 60, BODY: 1_024, FOOTER: 60 };

/** What a request to create a template says (Graph API, "WhatsApp Business Account Message Templates"). */
export function draftOf({ params }: Pick<Ask, "params">): TemplateDraft | GraphError {
  const category = { category: upper(params["category"]) };
  const components = componentsIn(params);
  const refusal =
    lacks(params, "name", "language", "category") ??
    isNot(params, "name", /^[a-z0-9_]{1,512}$/, "1 to 512 lower-case letters, digits and underscores") ??
    isNoneOf(category, "category", categories) ??
    checkComponents(components, category.category === "AUTHENTICATION");
  if (refusal) return refusal;
  return {
    name: text(params, "name"),
    language: text(params, "language"),
    category: text(params, "category").toLowerCase() as TemplateCategory,
    format: params["parameter_format"],
    components,
  };
}

/** What a request to edit a template changes. */
export function editOf({ params }: Pick<Ask, "params">, before: StoredTemplate): Partial<StoredTemplate> | GraphError {
  const category = { category: upper(params["category"]) };
  const hasComponents = params["components"] !== undefined;
  const components = hasComponents ? componentsIn(params) : before.components;
  const isAuthentication = (category.category ?? before.category.toUpperCase()) === "AUTHENTICATION";
  const refusal =
    isNoneOf(category, "category", categories) ??
    (hasComponents ? checkComponents(components, isAuthentication) : undefined);
  if (refusal) return refusal;
  return {
    ...(category.category !== undefined && { category: category.category.toLowerCase() as TemplateCategory }),
    ...(hasComponents && { components }),
  };
}

/** The components, each with its type in upper case, as Meta shows them. */
function componentsIn(params: Ask["params"]): StoredTemplate["components"] {
  return list(params, "components")
    .filter(isRecord)
    .map((one) => ({ ...one, type: upper(one["type"]) ?? "", ...withFormat(one) }));
}

function withFormat({ format }: Readonly<Record<string, unknown>>) {
  return format === undefined ? {} : { format: upper(format) };
}

function upper(value: unknown): string | undefined {
  return typeof value === "string" ? value.toUpperCase() : undefined;
}

function checkComponents(components: StoredTemplate["components"], isAuthentication: boolean): GraphError | undefined {
  if (components.length === 0) return { code: 100, message: "The parameter components is required." };
  const unknown = components.find(({ type }) => !componentTypes.includes(String(type)));
  if (unknown) return isNoneOf({ type: unknown["type"] }, "type", componentTypes);
  const body = components.find(({ type }) => type === "BODY");
  if (!body || (!isAuthentication && typeof body["text"] !== "string")) {
    return invalid("Body is missing", "A template needs a component of type BODY with a text.");
  }
  for (const { type, text } of components) {
    const most = lengths[String(type)];
    if (most !== undefined && typeof text === "string" && text.length > most) {
      return invalid(`${String(type)} is too long`, `The text has ${text.length} characters; the limit is ${most}.`);
    }
  }
  return undefined;
}

/** Graph says what is wrong with a template in the words for the user. */
export function invalid(userTitle: string, userMessage: string, subcode?: number): GraphError {
  return { code: 100, message: "Invalid parameter", userTitle, userMessage, ...(subcode !== undefined && { subcode }) };
}
