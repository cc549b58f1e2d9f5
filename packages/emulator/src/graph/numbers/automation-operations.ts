import type { Answer } from "../../http/answer.ts";
import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields, isRefusal } from "../objects/fields.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Objects } from "../objects/objects.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { flag, list, ok, success } from "../objects/parameters.ts";
import { perObject } from "../objects/per-object.ts";

/** The welcome message, the prompts and the commands of a number. */
export interface Automation {
  readonly id: string;
  enable_welcome_message: boolean;
  prompts: readonly unknown[];
  commands: readonly unknown[];
}

interface AutomationDeps {
  readonly memory: Memory;
  readonly keep: number;
  readonly objects: Objects;
}

/** Cloud API, "Conversational components". A number has them as a field, and they have an id of their own. */
export function createAutomations({ memory, keep, objects }: AutomationDeps) {
  const numberOf = memory.map<string>("automationNumbers");
  const of = perObject<Automation>(memory.map("automations"), keep, (phoneNumberId) => {
    const id = objects.add("bot", { kind: "number", id: phoneNumberId });
    numberOf.set(id, phoneNumberId);
    return { id, enable_welcome_message: false, prompts: [], commands: [] };
  });

  function save({ id, params }: Ask): Answer | GraphError {
    const commands = list(params, "commands");
    const prompts = list(params, "prompts");
    if (commands.length > 30) return { code: 100, message: "Param commands must have at most 30 elements." };
    if (prompts.length > 4) return { code: 100, message: "Param prompts must have at most 4 elements." };
    const nameless = commands.find((one) => !isRecord(one) || typeof one["command_name"] !== "string");
    if (nameless !== undefined) return { code: 100, message: "The parameter command_name is required." };
    const own = of(id);
    if ("commands" in params) own.commands = commands;
    if ("prompts" in params) own.prompts = prompts;
    own.enable_welcome_message = flag(params, "enable_welcome_message") ?? own.enable_welcome_message;
    return success;
  }

  function read({ id, params }: Ask): Answer | GraphError {
    const all = { ...of(numberOf.get(id) ?? "") };
    const shown = chooseFields(params["fields"], { type: "WhatsAppBusinessBot", all, defaults: Object.keys(all) });
    return isRefusal(shown) ? shown : ok(shown);
  }

  const operations: readonly Operation[] = [
    { method: "POST", on: "number", edge: "conversational_automation", answer: save },
    { method: "GET", on: "bot", edge: "", answer: read },
  ];
  return { of, operations };
}
