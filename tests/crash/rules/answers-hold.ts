import { exchangesOf } from "../exchanges.ts";
import type { Rule } from "../facts.ts";
import { isReported } from "../stored-message.ts";

/** No client was told "sent" about a message that WhatsApp never accepted, nor "not sent" about one that it accepted. */
export const answersHold: Rule = ({ clients, oracle, messages }) => {
  const exchanges = exchangesOf(oracle);
  /** Until that time: a message that was resent later may have been accepted since. */
  const isAccepted = (id: string, at = Infinity): boolean =>
    (exchanges.get(id) ?? []).some((exchange) => exchange.wamid !== undefined && exchange.at <= at);
  // After an answer with an error, WhatsApp may have reported later that it had accepted the message.
  const mayBeWrong = new Set(
    messages
      .filter(({ attempts }) =>
        attempts.some((one) => isReported(one, "failed") || one.ended?.outcome.kind === "Refused"),
      )
      .map(({ id }) => id),
  );
  return clients.flatMap((event) => {
    if (event.kind !== "answered" || event.messageId === undefined) return [];
    const { messageId: id, status, messageStatus } = event;
    const what =
      status === 200 && !isAccepted(id)
        ? `message ${id} was answered with 200 but never accepted`
        : messageStatus === "failed" && isAccepted(id, event.at) && !mayBeWrong.has(id)
          ? `message ${id} was answered as failed but had been accepted`
          : undefined;
    return what === undefined ? [] : [{ rule: "answers hold", what, evidence: [event] }];
  });
};
