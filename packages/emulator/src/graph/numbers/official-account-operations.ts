import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import { chooseFields, isRefusal } from "../objects/fields.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { isNoneOf, lacks, ok, text } from "../objects/parameters.ts";
import { perObject } from "../objects/per-object.ts";

type Fields = Record<string, unknown>;

/** The green tick (Cloud API, "Official Business Account"). */
export function officialAccountOperations({
  memory,
  keep,
  nextId,
}: {
  readonly memory: Memory;
  readonly keep: number;
  readonly nextId: () => string;
}): readonly Operation[] {
  const statusOf = perObject<Fields>(memory.map("officialAccounts"), keep, (id) => ({
    id,
    oba_status: "CANCELLED",
    status_message: "No application was submitted.",
  }));

  function read({ id, params }: Ask): Answer | GraphError {
    const all = statusOf(id);
    const shown = chooseFields(params["fields"], { type: "OfficialBusinessAccount", all, defaults: Object.keys(all) });
    return isRefusal(shown) ? shown : ok(shown);
  }

  function act({ id, params }: Ask): Answer | GraphError {
    const refusal =
      lacks(params, "action") ??
      isNoneOf(params, "action", ["SUBMIT_APPLICATION", "WITHDRAW_APPLICATION", "RESUBMIT_APPLICATION"]);
    if (refusal) return refusal;
    const own = statusOf(id);
    const isPending = own["oba_status"] === "PENDING";
    const action = text(params, "action").toUpperCase();
    const isWithdrawal = action === "WITHDRAW_APPLICATION";
    if (isWithdrawal && !isPending) {
      return {
        code: 100,
        type: "GraphMethodException",
        message: "Cannot withdraw application: No pending application found",
      };
    }
    if (action === "SUBMIT_APPLICATION" && isPending) {
      return { code: 100, message: "Cannot submit application: An active application already exists" };
    }
    Object.assign(
      own,
      isWithdrawal
        ? { oba_status: "CANCELLED", status_message: "The application was withdrawn." }
        : { oba_status: "PENDING", status_message: "The application is under review." },
    );
    const message = `Official Business Account application ${isWithdrawal ? "withdrawn" : "submitted"} successfully`;
    return ok({ success: true, message, updated_status: { ...own }, tracking_id: `oba_req_${nextId()}` });
  }

  return [
    { method: "GET", on: "number", edge: "official_business_account", answer: read },
    { method: "POST", on: "number", edge: "official_business_account", answer: act },
  ];
}
