import type { Facts, Violation } from "./facts.ts";
import { allEnded } from "./rules/all-ended.ts";
import { answersHold } from "./rules/answers-hold.ts";
import { callbacksTellAll } from "./rules/callbacks-tell-all.ts";
import { duplicatesAreMarked } from "./rules/duplicates-are-marked.ts";
import { errorsAtTheConnection } from "./rules/errors-at-the-connection.ts";
import { evidenceIsKept } from "./rules/evidence-is-kept.ts";
import { historyAgrees } from "./rules/history-agrees.ts";
import { keysSendOnce } from "./rules/keys-send-once.ts";
import { noNeedlessRepeat } from "./rules/no-needless-repeat.ts";
import { oneAttemptDecides } from "./rules/one-attempt-decides.ts";
import { noLostMessages } from "./rules/no-lost-messages.ts";
import { unitsAgree } from "./rules/units-agree.ts";

const rules = [
  noLostMessages,
  allEnded,
  noNeedlessRepeat,
  evidenceIsKept,
  historyAgrees,
  unitsAgree,
  answersHold,
  keysSendOnce,
  errorsAtTheConnection,
  duplicatesAreMarked,
  oneAttemptDecides,
  callbacksTellAll,
];

/** Judges a run by the logs, the final store and the services' accounts alone. */
export function check(facts: Facts): Violation[] {
  return rules.flatMap((rule) => rule(facts));
}
