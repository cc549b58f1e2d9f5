import type { ServerResponse } from "node:http";

import type { GatheredRequest } from "./gathered-request.ts";

type Listener = (incoming: GatheredRequest, outgoing: ServerResponse) => unknown;

/**
 * Answers requests of an app on Node's own objects, where web ones would cost more than the answer. Passes every other request on to
 * `app`, untouched. An app answers each request in the same way, whoever it comes through.
 */
export type DirectAnswers = (app: Listener) => Listener;

/** What handles the requests of an app. */
interface App {
  readonly fetch: unknown;
}

const known = new WeakMap<App, { readonly fetch: unknown; readonly answers: DirectAnswers }>();

/** Lets a server ask each of `answers` before the app. */
export function setDirectAnswers(app: App, ...answers: readonly DirectAnswers[]): void {
  const all: DirectAnswers = (listener) => answers.reduceRight((next, answer) => answer(next), listener);
  known.set(app, { fetch: app.fetch, answers: all });
}

/** Nothing if the app's `fetch` was replaced since: its owner wants to see each request. */
export function directAnswersOf(app: App): DirectAnswers | undefined {
  const set = known.get(app);
  return set?.fetch === app.fetch ? set?.answers : undefined;
}
