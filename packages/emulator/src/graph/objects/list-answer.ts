import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import { type Fields, isRefusal } from "./fields.ts";
import type { Ask } from "./operation.ts";
import { pageOf } from "./pages.ts";
import { ok } from "./parameters.ts";

/** The page of a list that a call asks for, each item with the fields that it asks for. */
export function answerList<T extends { readonly id: string }>(
  all: readonly T[],
  ask: Ask,
  show: (item: T) => Fields | GraphError,
): Answer | GraphError {
  const { data, paging } = pageOf(all, ask, ({ id }) => id);
  const shown = data.map(show);
  return shown.find(isRefusal) ?? ok({ data: shown, ...(paging && { paging }) });
}
