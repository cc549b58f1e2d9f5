import type { BoundedLog } from "../collections/bounded-log.ts";
import { type Answer, json } from "../http/answer.ts";
import { isRecord } from "../json/records.ts";
import type { GraphError } from "./graph-error.ts";
import { wamidOf } from "./graph-ids.ts";
import { type GraphMessage, graphMessageOf, personOf } from "./graph-message.ts";
import type { GraphState } from "./graph-state.ts";
import { checkMarketing } from "./marketing-messages.ts";
import { messageStatusOf } from "./message-statuses.ts";
import { checkMessage } from "./messages/message.ts";
import type { Ask, Operation } from "./objects/operation.ts";
import { success } from "./objects/parameters.ts";
import { type GraphReceipt, isReceipt, receiptOf } from "./receipts.ts";
import { checkAgainstState, templateFor } from "./state-checks.ts";

interface SendDeps {
  readonly state: () => GraphState;
  readonly accepted: BoundedLog<GraphMessage>;
  readonly receipts: BoundedLog<GraphReceipt>;
  readonly nextWamid: () => number;
  readonly onAccepted: (message: GraphMessage) => void;
}

/** Messages and read receipts (Cloud API, "Messages"), and marketing messages (Marketing Messages API). */
export function sendOperations({ state, accepted, receipts, nextWamid, onAccepted }: SendDeps): readonly Operation[] {
  function answerMessage({ entry, body }: Ask): Answer | GraphError {
    if (!isRecord(body) || !isReceipt(body)) return send(entry, body);
    const { strict, inbound } = state();
    const { phoneNumberId, at } = entry;
    const isKnown = (id: string) => !strict.receipts || inbound.has(`${phoneNumberId}/${id}`);
    const receipt = receiptOf({ phoneNumberId, at, body }, isKnown);
    if ("code" in receipt) return receipt;
    receipts.add(receipt);
    return success;
  }

  function answerMarketing({ entry, body }: Ask): Answer | GraphError {
    return checkMarketing(body, templateFor(body, entry.phoneNumberId, state())) ?? send(entry, body, "marketing");
  }

  function send(entry: Ask["entry"], body: unknown, via?: "marketing"): Answer | GraphError {
    const { phoneNumberId } = entry;
    const malformed = checkMessage(body);
    if (malformed || !isRecord(body)) return malformed ?? { code: 100 };
    const now = state();
    const person = personOf(body, phoneNumberId, now.resolve);
    const template = templateFor(body, phoneNumberId, now);
    const refusal = checkAgainstState(body, person, template, now);
    if (refusal) return refusal;

    const wamid = wamidOf(person.waId ?? person.groupId ?? String(body["recipient"]), nextWamid());
    const message = graphMessageOf(entry, body, person, {
      wamid,
      userId: now.audience.knownIdOf(person),
      category: template && "id" in template ? template.category : undefined,
      via,
    });
    entry.wamid = wamid;
    now.limiter.sent(person);
    accepted.add(message);
    onAccepted(message);
    return answerOf(message, messageStatusOf(now.messageStatuses, message));
  }

  return [
    { method: "POST", on: "number", edge: "messages", answer: answerMessage },
    { method: "POST", on: "number", edge: "marketing_messages", answer: answerMarketing },
  ];
}

function answerOf({ recipient: input, waId, groupId, wamid: id }: GraphMessage, status: string | undefined): Answer {
  const contact =
    groupId !== undefined
      ? { input, wa_id: input }
      : waId === undefined
        ? { input, user_id: input }
        : { input, wa_id: waId };
  return json(200, {
    messaging_product: "whatsapp",
    contacts: [contact],
    messages: [
      {
        id,
        ...(groupId !== undefined && { group_id: groupId }),
        ...(status !== undefined && { message_status: status }),
      },
    ],
  });
}
