import type { AccountBook } from "../accounts/account-book.ts";
import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields } from "../objects/fields.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { lacks, list, ok, success, text } from "../objects/parameters.ts";
import { draftOf, editOf, invalid } from "./template-draft.ts";
import type { TemplateReview } from "./template-review.ts";
import type { StoredTemplate, TemplateStore } from "./template-store.ts";

interface TemplateOperationDeps {
  readonly accounts: () => AccountBook;
  readonly templates: () => TemplateStore;
  readonly review: TemplateReview;
}

const defaults = ["id", "name", "language", "status", "category", "components"];

/** List, create, edit and delete (Graph API, "WhatsApp Business Account Message Templates"). */
export function templateOperations({ templates, review, accounts }: TemplateOperationDeps): readonly Operation[] {
  function listAll(ask: Ask): Answer | GraphError {
    const all = templates().of(ask.id).filter(filterOf(ask.params));
    const shown = all.map((one) => ({ key: one.id, fields: show(one, ask.params["fields"]) }));
    const refused = shown.find(({ fields }) => "code" in fields);
    if (refused) return refused.fields as GraphError;
    const { data, paging } = pageOf(shown, ask, ({ key }) => key);
    return ok({ data: data.map(({ fields }) => fields), ...(paging && { paging }) });
  }

  function create(ask: Ask): Answer | GraphError {
    const draft = draftOf(ask);
    if ("code" in draft) return draft;
    const { name, language } = draft;
    if (
      templates()
        .of(ask.id)
        .some((one) => one.name === name && one.language === language)
    ) {
      const words = `There is already ${language} content for this template. You can create a new template and try again.`;
      return invalid("Content in This Language Already Exists", words, 2388024);
    }
    const { id, category, status } = templates().create(ask.id, draft);
    // Meta answers before its review, which takes from seconds to a day.
    const answer = ok({ id, status: status.toUpperCase(), category: category.toUpperCase() });
    accounts().note(ask.id, "TEMPLATE_CREATED", `The template ${name} was created.`);
    review.submitted(id);
    return answer;
  }

  function read({ id, params }: Ask): Answer | GraphError {
    const template = templates().find(id);
    const shown = template ? show(template, params["fields"]) : { code: 100 };
    return "code" in shown ? (shown as GraphError) : ok(shown);
  }

  function edit(ask: Ask): Answer | GraphError {
    const before = templates().find(ask.id);
    if (!before) return { code: 100 };
    if (before.status === "pending") {
      return invalid("Template Can't Be Edited", "A template that is under review can't be edited.");
    }
    const change = editOf(ask, before);
    if ("code" in change) return change as GraphError;
    templates().change(ask.id, { ...change, status: "pending" });
    review.submitted(ask.id);
    return success;
  }

  function remove({ id, params }: Ask): Answer | GraphError {
    const ids = list(params, "hsm_ids").map(String);
    const refusal = ids.length > 0 ? undefined : lacks(params, "name");
    if (refusal) return refusal;
    const { name, hsm_id: one } = params;
    const own = templates().of(id);
    const found = own.filter((template) =>
      ids.length > 0 ? ids.includes(template.id) : template.name === name && (one === undefined || template.id === one),
    );
    if (found.length === 0) {
      return invalid("Message Template Not Found", `There is no message template ${text(params, "name")}.`, 2593002);
    }
    for (const template of found) {
      templates().remove(template.id);
      accounts().note(id, "TEMPLATE_DELETED", `The template ${template.name} was deleted.`);
    }
    return success;
  }

  return [
    { method: "GET", on: "account", edge: "message_templates", answer: listAll },
    { method: "POST", on: "account", edge: "message_templates", answer: create },
    { method: "DELETE", on: "account", edge: "message_templates", answer: remove },
    { method: "GET", on: "template", edge: "", answer: read },
    { method: "POST", on: "template", edge: "", answer: edit },
  ];
}

/** The filters of the list: each is a value, or a list of values of which one must hold. */
function filterOf(params: Ask["params"]): (template: StoredTemplate) => boolean {
  const wanted = (name: string) => list(params, name).map((value) => String(value).toUpperCase());
  const names = wanted("name");
  const search = typeof params["name_or_content"] === "string" ? params["name_or_content"].toLowerCase() : "";
  const filters: readonly (readonly [readonly string[], (template: StoredTemplate) => string])[] = [
    [names, ({ name }) => name],
    [wanted("status"), ({ status }) => status],
    [wanted("category"), ({ category }) => category],
    [wanted("language"), ({ language }) => language],
  ];
  return (template) =>
    filters.every(([values, valueOf]) => values.length === 0 || values.includes(valueOf(template).toUpperCase())) &&
    (search === "" || JSON.stringify([template.name, template.components]).toLowerCase().includes(search));
}

function show(template: StoredTemplate, fields: unknown): Readonly<Record<string, unknown>> | GraphError {
  const { id, name, language, status, category, components, isNamed, reason } = template;
  return chooseFields(fields, {
    type: "WhatsAppMessageTemplate",
    all: {
      id,
      name,
      language,
      status: status.toUpperCase(),
      category: category.toUpperCase(),
      parameter_format: isNamed ? "NAMED" : "POSITIONAL",
      components,
      rejected_reason: status === "rejected" ? (reason ?? "NONE") : "NONE",
      quality_score: { score: "UNKNOWN" },
    },
    defaults,
    empty: [
      "previous_category",
      "message_send_ttl_seconds",
      "library_template_name",
      "sub_category",
      "cta_url_link_tracking_opted_out",
    ],
  });
}
