import type { Html } from "@message-sender/pages";

import type { StoredTemplate } from "../../../graph/templates/template-store.ts";
import type { PageData } from "../../page-data.ts";
import { Footer, Header } from "./interactive.tsx";
import { type Fields, fieldsOf, Link, listOf, Marked, textOf } from "./parts.tsx";

type Media = Pick<PageData, "state">;

/** A template with the parameters of the message in their places. `template`: undefined where nothing is known of it. */
export function Template(props: { sent: Fields; template: StoredTemplate | undefined; data: Media }): Html {
  const { sent, template, data } = props;
  const given = listOf(sent, "components");
  const name = (
    <span class="template-name">
      Template {textOf(sent, "name")} · {textOf(fieldsOf(sent, "language"), "code")}
    </span>
  );
  if (!template) {
    return (
      <>
        {name}
        {given.flatMap((one) =>
          listOf(one, "parameters").map((parameter) => (
            <span class="parameter">
              {textOf(one, "type")}: {valueOf(parameter)}
            </span>
          )),
        )}
      </>
    );
  }
  return (
    <>
      {name}
      <Components components={template.components} given={given} data={data} />
    </>
  );
}

/** Meta's components of a template or of a card, filled. */
function Components(props: { components: readonly Fields[]; given: readonly Fields[]; data: Media }): Html {
  const { components, given, data } = props;
  const parametersOf = (type: string) =>
    given.filter((one) => textOf(one, "type")?.toUpperCase() === type).flatMap((one) => listOf(one, "parameters"));
  return (
    <>
      {components.map((component) => {
        const type = textOf(component, "type");
        const text = textOf(component, "text") ?? "";
        if (type === "HEADER")
          return <TemplateHeader header={component} parameters={parametersOf("HEADER")} data={data} />;
        if (type === "BODY") return <Marked text={filled(text, parametersOf("BODY"))} />;
        if (type === "FOOTER") return <Footer text={text} />;
        if (type !== "CAROUSEL") return <></>;
        const cards = given.flatMap((one) => listOf(one, "cards"));
        return (
          <>
            {listOf(component, "cards").map((card, at) => (
              <span class="carousel-card">
                <Components
                  components={listOf(card, "components")}
                  given={listOf(
                    cards.find((one) => Number(one["card_index"]) === at),
                    "components",
                  )}
                  data={data}
                />
              </span>
            ))}
          </>
        );
      })}
    </>
  );
}

function TemplateHeader(props: { header: Fields; parameters: readonly Fields[]; data: Media }): Html {
  const { header, parameters, data } = props;
  const text = textOf(header, "text");
  if (text !== undefined) return <strong class="header">{filled(text, parameters)}</strong>;
  const [parameter] = parameters;
  return parameter ? <Header header={parameter} data={data} /> : <></>;
}

/** The buttons of a template that lead somewhere; those that answer can be pressed. */
export function TemplateLinks({ sent, template }: { sent: Fields; template: StoredTemplate | undefined }): Html {
  const buttons = (template?.components ?? []).flatMap((one) => listOf(one, "buttons"));
  return (
    <>
      {buttons.map((button, at) => {
        const type = textOf(button, "type");
        if (type === undefined || type === "QUICK_REPLY") return <></>;
        const given = listOf(sent, "components").find(
          (one) => textOf(one, "type")?.toLowerCase() === "button" && Number(one["index"]) === at,
        );
        const href = filled(textOf(button, "url") ?? "", listOf(given, "parameters"));
        return (
          <span class="bubble-link">
            <Link href={href}>{textOf(button, "text") ?? words[type] ?? type}</Link>
          </span>
        );
      })}
    </>
  );
}

const words: Readonly<Record<string, string>> = { OTP: "Copy code", COPY_CODE: "Copy code", FLOW: "Open form" };

/** `{{1}}` and `{{name}}` are what the message gave for them, or stay as they are. */
function filled(text: string, parameters: readonly Fields[]): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, key: string) => {
    const named = parameters.find((one) => textOf(one, "parameter_name") === key);
    const parameter = named ?? (/^\d+$/.test(key) ? parameters[Number(key) - 1] : undefined);
    return parameter ? valueOf(parameter) : whole;
  });
}

function valueOf(parameter: Fields): string {
  const fallback = ["currency", "date_time"].map((type) => textOf(fieldsOf(parameter, type), "fallback_value"));
  const [own] = [
    textOf(parameter, "text"),
    ...fallback,
    textOf(parameter, "payload"),
    textOf(parameter, "coupon_code"),
  ].filter((one) => one !== undefined);
  return own ?? textOf(parameter, "type") ?? "";
}
