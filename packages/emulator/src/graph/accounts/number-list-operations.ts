import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import type { NumberBook } from "../numbers/number-facts.ts";
import { shownFacts } from "../numbers/number-operations.ts";
import { chooseFields } from "../objects/fields.ts";
import type { Objects } from "../objects/objects.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { answerList } from "../objects/list-answer.ts";
import { isNot, lacks, ok } from "../objects/parameters.ts";
import type { AccountBook } from "./account-book.ts";

interface NumberListDeps {
  readonly accounts: () => AccountBook;
  readonly numbers: () => NumberBook;
  readonly objects: Objects;
  readonly numbersOf: (accountId: string) => readonly string[];
  readonly throughputOf: (phoneNumberId: string) => number | undefined;
}

const defaults = [
  "id",
  "display_phone_number",
  "verified_name",
  "status",
  "quality_rating",
  "code_verification_status",
  "platform_type",
  "throughput",
];

/** The numbers of an account (Graph API, "WhatsApp Business Account Phone Numbers"). */
export function numberListOperations(deps: NumberListDeps): readonly Operation[] {
  const { accounts, numbers, objects, numbersOf, throughputOf } = deps;

  function listAll(ask: Ask): Answer | GraphError {
    const { fields } = ask.params;
    return answerList(
      numbersOf(ask.id).map((id) => ({ id })),
      ask,
      ({ id }) => {
        const facts = shownFacts(id, numbers(), throughputOf(id));
        // This list has statuses of its own in Meta's OpenAPI file; asked for it, Graph shows the number's.
        const ofList = facts.status === "CONNECTED" ? "LINKED" : "PENDING";
        const all = { ...facts, status: fields === undefined ? ofList : facts.status };
        return chooseFields(fields, { type: "WhatsAppBusinessPhoneNumber", all, defaults });
      },
    );
  }

  function add({ id: accountId, params }: Ask): Answer | GraphError {
    const { cc = "", phone_number: given, verified_name: name } = params;
    const refusal =
      lacks(params, "phone_number", "verified_name") ??
      isNot(params, "phone_number", /^\+?[\d\s()-]{6,20}$/, "a phone number");
    if (refusal) return refusal;
    const digits = String(given).replace(/\D/g, "");
    const code = String(cc).replace(/\D/g, "");
    const displayNumber = digits.startsWith(code) ? digits : `${code}${digits}`;
    const isTaken = numbersOf(accountId).some((one) => numbers().of(one).displayNumber === displayNumber);
    if (isTaken)
      return {
        code: 100,
        type: "GraphMethodException",
        message: "Phone number is already registered with WhatsApp Business",
      };
    const id = objects.add("number", { kind: "account", id: accountId });
    numbers().add(id, { displayNumber, verifiedName: String(name) });
    accounts().of(accountId).numbers.push(id);
    accounts().note(accountId, "PHONE_NUMBER_ADDED", `The phone number +${displayNumber} was added.`);
    return ok({ id });
  }

  return [
    { method: "GET", on: "account", edge: "phone_numbers", answer: listAll },
    { method: "POST", on: "account", edge: "phone_numbers", answer: add },
  ];
}
