import type { IncomingMessage, ServerResponse } from "node:http";

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

/**
 * Answers requests of an app on Node's own objects, where web ones would cost more than the answer. Passes every other request on to
 * `app`, untouched. An app answers each request in the same way, whoever it comes through.
 */
export type DirectAnswers = (app: Listener) => Listener;

const known = new WeakMap<object, DirectAnswers>();

/** Lets a server ask `answers` before the app. */
export function setDirectAnswers(app: object, answers: DirectAnswers): void {
  known.set(app, answers);
}

export function directAnswersOf(app: object): DirectAnswers | undefined {
  return known.get(app);
}
