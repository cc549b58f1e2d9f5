import { recordsAt } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import type { TemplateNeeds } from "./template-needs.ts";
import type { StoredTemplate } from "./template-store.ts";

type Parameters = readonly Readonly<Record<string, unknown>>[];

/** Checks that the template can be sent with these components. */
export function checkTemplate({ name, status, needs }: StoredTemplate, components: unknown): GraphError | undefined {
  if (status === "paused") return { code: 132015, details: `template (${name}) is paused` };
  if (status === "disabled") return { code: 132016, details: `template (${name}) is disabled` };
  const given = recordsAt({ components }, "components");
  const parametersOf = (wanted: string) =>
    given.filter(({ type }) => String(type).toLowerCase() === wanted).flatMap((one) => recordsAt(one, "parameters"));
  return (
    checkHeader(needs, parametersOf("header")) ?? checkBody(needs, parametersOf("body")) ?? checkButtons(needs, given)
  );
}

function checkHeader({ header }: TemplateNeeds, parameters: Parameters): GraphError | undefined {
  const count = header === undefined ? 0 : 1;
  if (parameters.length !== count) return countMismatch("header", parameters.length, count);
  const type = parameters[0]?.["type"];
  if (type === header) return undefined;
  return {
    code: 132012,
    details: `header: Format mismatch, expected ${String(header).toUpperCase()}, received ${String(type).toUpperCase()}`,
  };
}

function checkBody({ body }: TemplateNeeds, parameters: Parameters): GraphError | undefined {
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
function checkButtons({ buttons }: TemplateNeeds, components: Parameters): GraphError | undefined {
  const given = new Set(
    components
      .filter((one) => String(one["type"]).toLowerCase() === "button" && recordsAt(one, "parameters").length > 0)
      .map(({ index }) => Number(index)),
  );
  const missing = buttons.findIndex((need, index) => need !== undefined && !given.has(index));
  if (missing === -1) return undefined;
  return {
    code: 131008,
    details: `buttons: Button at index ${missing} of type ${buttons[missing]} requires a parameter`,
  };
}

function countMismatch(where: string, given: number, expected: number): GraphError {
  return {
    code: 132000,
    details: `${where}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
  };
}
