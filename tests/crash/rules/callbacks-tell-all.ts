import type { OracleEvent } from "../events.ts";
import type { Rule, Violation } from "../facts.ts";
import { statusOf, type StoredMessage } from "../stored-message.ts";

type Callback = Extract<OracleEvent, { kind: "callback" }>;

/**
 * The receiver of status callbacks has taken each version of each message, and was given none before it had taken the one before. Each
 * is signed, has the id of its event, and the last one shows the status that the message has.
 */
export const callbacksTellAll: Rule = ({ oracle, messages }) => {
  const byMessage = Map.groupBy(
    oracle.filter((event) => event.kind === "callback"),
    ({ messageId }) => messageId,
  );
  const known = new Map(messages.map((message) => [message.id, message]));
  const ids = new Set([...known.keys(), ...byMessage.keys()]);
  return [...ids].flatMap((id) => faultsOf(id, known.get(id), byMessage.get(id) ?? []));
};

function faultsOf(id: string, message: StoredMessage | undefined, callbacks: readonly Callback[]): Violation[] {
  const violation = (what: string, evidence: readonly unknown[]): Violation => ({
    rule: "callbacks tell all",
    what: `message ${id}: ${what}`,
    evidence,
  });
  if (!message) return [violation("the receiver was told of it, but it is not in the store", callbacks)];
  const faults: Violation[] = [];
  let taken = 0;
  for (const callback of callbacks) {
    const { version } = callback;
    if (!callback.isSigned) faults.push(violation(`the signature of version ${version} is wrong`, [callback]));
    if (callback.id !== `${id}:${version}`) faults.push(violation(`version ${version} has another id`, [callback]));
    if (version > taken + 1) {
      faults.push(violation(`version ${version} came when ${taken} was the last one taken`, callbacks));
    }
    if (callback.isTaken) taken = Math.max(taken, version);
  }
  const last = callbacks.findLast(({ isTaken, version }) => isTaken && version === message.version);
  const status = statusOf(message);
  if (!last) {
    faults.push(violation(`its version ${message.version} was never taken`, [...callbacks, message]));
  } else if (last.status !== status) {
    faults.push(violation(`is ${status}, but its last callback says ${last.status}`, [last, message]));
  }
  return faults;
}
