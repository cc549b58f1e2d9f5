import type { Tracing } from "../ports/tracing.ts";

/** For a sender without a `Tracing` port. */
export const noTracing: Tracing = {
  current: () => undefined,
  detached: (work) => work(),
  forMessage: (_, work) => work(),
  step: (_, work) => work(),
};
