import { sandboxApp } from "../accounts/sandbox-app.ts";
import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields } from "../objects/fields.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { flag, isNoneOf, lacks, list, ok, success, text } from "../objects/parameters.ts";
import { type Flow, type FlowStore, problemsOf } from "./flow-store.ts";

const categories = [
  "SIGN_UP",
  "SIGN_IN",
  "APPOINTMENT_BOOKING",
  "LEAD_GENERATION",
  "CONTACT_US",
  "CUSTOMER_SUPPORT",
  "SURVEY",
  "SHOPPING",
  "OTHER",
];
const unknown: GraphError = { code: 100 };

/** Create, edit, publish, deprecate and delete (WhatsApp Flows, "Flows API"). */
export function flowOperations(flows: () => FlowStore, now: () => number): readonly Operation[] {
  const withFlow = (answer: (flow: Flow, ask: Ask) => Answer | GraphError) => (ask: Ask) => {
    const flow = flows().find(ask.id);
    return flow ? answer(flow, ask) : unknown;
  };

  function listAll(ask: Ask): Answer | GraphError {
    const shown = flows()
      .of(ask.id)
      .map((flow) => show(flow, ask, ["id", "name", "status", "categories", "validation_errors"]));
    const refused = shown.find((one) => "code" in one);
    return refused ? (refused as GraphError) : ok(pageOf(shown, ask, (one) => String((one as { id: string }).id)));
  }

  function create({ id, params }: Ask): Answer | GraphError {
    const refusal = lacks(params, "name", "categories") ?? wrongCategory(params);
    if (refusal) return refusal;
    const name = text(params, "name");
    if (
      flows()
        .of(id)
        .some((flow) => flow.name === name)
    ) {
      return {
        code: 100,
        subcode: 4016019,
        message: "Invalid parameter",
        userTitle: "Flow name is not unique",
        userMessage: `There is already a flow ${name} in the account.`,
      };
    }
    const source = flows().find(text(params, "clone_flow_id"));
    const flow = flows().create(id, {
      name,
      categories: list(params, "categories").map(String),
      endpointUri: textOf(params["endpoint_uri"]) ?? source?.endpointUri,
      json: textOf(params["flow_json"]) ?? source?.json,
    });
    const problems = flow.problems.length > 0 ? { validation_errors: flow.problems } : {};
    if (flag(params, "publish") && flow.json !== undefined && flow.problems.length === 0) flow.status = "PUBLISHED";
    return ok({ id: flow.id, success: true, ...problems });
  }

  const read = withFlow((flow, ask) => {
    const shown = show(flow, ask, ["id", "name", "status", "categories", "validation_errors"]);
    return "code" in shown ? (shown as GraphError) : ok(shown);
  });

  const update = withFlow((flow, { params }) => {
    const refusal = wrongCategory(params);
    if (refusal) return refusal;
    if (flow.status === "DEPRECATED") return { code: 139001, details: "A deprecated flow can't be updated." };
    flow.name = textOf(params["name"]) ?? flow.name;
    flow.endpointUri = textOf(params["endpoint_uri"]) ?? flow.endpointUri;
    if (params["categories"] !== undefined) flow.categories = list(params, "categories").map(String);
    return success;
  });

  const remove = withFlow((flow) => {
    if (flow.status !== "DRAFT")
      return { code: 139004, details: `Only a draft can be deleted; the flow is ${flow.status}.` };
    flows().remove(flow.id);
    return success;
  });

  const upload = withFlow((flow, { params, files }) => {
    const [file] = files;
    const refusal = isNoneOf(params, "asset_type", ["FLOW_JSON"]) ?? (file ? undefined : lacks(params, "file"));
    if (refusal) return refusal;
    if (flow.status !== "DRAFT")
      return { code: 139001, details: `Only a draft can be updated; the flow is ${flow.status}.` };
    const json = file ? file.bytes.read().toString() : text(params, "file");
    file?.bytes.drop();
    flow.json = json;
    flow.problems = problemsOf(json);
    return ok({ success: true, validation_errors: flow.problems });
  });

  const publish = withFlow((flow) => {
    if (flow.status !== "DRAFT")
      return { code: 139002, details: `Only a draft can be published; the flow is ${flow.status}.` };
    if (flow.json === undefined || flow.problems.length > 0) {
      return { code: 139002, details: "The flow has no JSON, or one with validation errors." };
    }
    flow.status = "PUBLISHED";
    return success;
  });

  const deprecate = withFlow((flow) => {
    if (flow.status !== "PUBLISHED")
      return { code: 139003, details: `Only a published flow can be deprecated; it is ${flow.status}.` };
    flow.status = "DEPRECATED";
    return success;
  });

  const assets = withFlow((flow, ask) => {
    const all =
      flow.json === undefined
        ? []
        : [
            {
              name: "flow.json",
              asset_type: "FLOW_JSON",
              download_url: `${new URL(ask.url).origin}/flow_assets/${flow.id}`,
            },
          ];
    return ok(pageOf(all, ask, ({ name }) => name));
  });

  function download({ names }: Ask): Answer | GraphError {
    const json = flows().find(names["flow"] ?? "")?.json;
    return json === undefined
      ? { status: 404, headers: {}, body: "" }
      : { status: 200, headers: { "content-type": "application/json" }, body: json };
  }

  function migrate({ id, params }: Ask): Answer | GraphError {
    const refusal = lacks(params, "source_waba_id");
    if (refusal) return refusal;
    const sources = flows().of(text(params, "source_waba_id"));
    const names =
      params["source_flow_names"] === undefined
        ? sources.map(({ name }) => name)
        : list(params, "source_flow_names").map(String);
    const pairs = names.map((name) => ({ name, source: sources.find((flow) => flow.name === name) }));
    return ok({
      migrated_flows: pairs.flatMap(({ name, source }) =>
        source ? [{ source_name: name, source_id: source.id, migrated_id: flows().create(id, source).id }] : [],
      ),
      failed_flows: pairs.flatMap(({ name, source }) =>
        source
          ? []
          : [
              {
                source_name: name,
                error_code: "4233041",
                error_message: "Flows Migration Error: Flow name not found in source WABA.",
              },
            ],
      ),
    });
  }

  function show(flow: Flow, { params, url }: Ask, defaults: readonly string[]) {
    const { id, accountId, name, status, categories: own, problems, endpointUri, json } = flow;
    return chooseFields(params["fields"], {
      type: "WhatsAppBusinessFlow",
      all: {
        id,
        name,
        status,
        categories: own,
        validation_errors: problems,
        json_version: json === undefined || problems.length > 0 ? undefined : versionIn(json, "version"),
        data_api_version: json === undefined || problems.length > 0 ? undefined : versionIn(json, "data_api_version"),
        data_channel_uri: endpointUri,
        endpoint_uri: endpointUri,
        preview: {
          preview_url: `${new URL(url).origin}/flow_assets/${id}`,
          expires_at: new Date(now() + 30 * 24 * 60 * 60 * 1_000).toISOString(),
        },
        application: sandboxApp,
        whatsapp_business_account: { id: accountId, name: "Sandbox" },
        health_status: {
          can_send_message: "AVAILABLE",
          entities: [{ entity_type: "FLOW", id, can_send_message: "AVAILABLE" }],
        },
      },
      defaults,
      empty: ["metric"],
    });
  }

  return [
    { method: "GET", on: "account", edge: "flows", answer: listAll },
    { method: "POST", on: "account", edge: "flows", answer: create },
    { method: "POST", on: "account", edge: "migrate_flows", answer: migrate },
    { method: "GET", on: "flow", edge: "", answer: read },
    { method: "POST", on: "flow", edge: "", answer: update },
    { method: "DELETE", on: "flow", edge: "", answer: remove },
    { method: "GET", on: "flow", edge: "assets", answer: assets },
    { method: "POST", on: "flow", edge: "assets", answer: upload },
    { method: "POST", on: "flow", edge: "publish", answer: publish },
    { method: "POST", on: "flow", edge: "deprecate", answer: deprecate },
    { method: "GET", on: "root", edge: "flow_assets/:flow", answer: download },
  ];
}

function wrongCategory(params: Ask["params"]): GraphError | undefined {
  const wrong = list(params, "categories").find((one) => !categories.includes(String(one)));
  return wrong === undefined ? undefined : isNoneOf({ categories: wrong }, "categories", categories);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value === undefined ? undefined : JSON.stringify(value);
}

function versionIn(json: string, name: string): string | undefined {
  const value = (JSON.parse(json) as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" ? value : undefined;
}
