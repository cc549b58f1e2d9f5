import { exchangesOf } from "../exchanges.ts";
import type { Rule } from "../facts.ts";
import { isReported } from "../stored-message.ts";

/** Nobody was told "sent" of what WhatsApp never accepted, nor "not sent" of what it did. */
export const answersHold: Rule = ({ clients, oracle, messages }) => {
  const exchanges = exchangesOf(oracle);
  /** By then; what was resent later may have been accepted since. */
  const isAccepted = (id: string, at = Infinity): boolean =>
    (exchanges.get(id) ?? []).some((exchange) => exchange.wamid !== undefined && exchange.at <= at);
  // Of an answer that is an error WhatsApp can have said later that it had taken it.
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
        ? `message ${id} was answered with 200 and never accepted`
        : messageStatus === "failed" && isAccepted(id, event.at) && !mayBeWrong.has(id)
          ? `message ${id} was answered as failed and had been accepted`
          : undefined;
    return what === undefined ? [] : [{ rule: "answers hold", what, evidence: [event] }];
  });
};
