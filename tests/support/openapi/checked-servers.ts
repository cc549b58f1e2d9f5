import { getGlobalDispatcher, setGlobalDispatcher } from "undici";

import { createAnswerCheck } from "./answer-check.ts";
import { ReadingHandler } from "./reading-handler.ts";
import { wholeDocument } from "./whole-document.ts";

/** The servers whose answers are checked. */
const origins = new Set<string>();
const found: string[] = [];

const check = createAnswerCheck(await wholeDocument());
setGlobalDispatcher(
  getGlobalDispatcher().compose((dispatch) => (options, handler) => {
    const { pathname: path } = new URL(options.path, "http://localhost");
    const isOurs = origins.has(String(options.origin));
    const report = (exchange: Parameters<typeof check>[0]): void => void found.push(...check(exchange));
    return dispatch(options, isOurs ? new ReadingHandler(handler, { method: options.method, path }, report) : handler);
  }),
);

/**
 * From now on, every answer of a server to this process has to be what the OpenAPI document says. Call the returned function when
 * the server ends: another program may get its port.
 */
export function checkAnswersOf(url: string): () => void {
  const { origin } = new URL(url);
  origins.add(origin);
  return () => void origins.delete(origin);
}

/** What was found since the last call. */
export function takeFaults(): readonly string[] {
  return found.splice(0);
}
