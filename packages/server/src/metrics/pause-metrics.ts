import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";

const kinds = ["tenant", "outlet", "number", "template"] as const;

/** What is paused, as this process knows it. */
export function createPauseMetrics({ gauge }: Instruments): Handlers<"PauseBegun" | "PauseEnded"> {
  const pauses = gauge({
    name: "pauses",
    help: "Pauses of tenants, outlets, numbers and templates: their messages are not sent. Each process shows all of them.",
    labels: ["kind"],
  });
  for (const kind of kinds) pauses.labels(kind).set(0);

  return {
    PauseBegun({ pause, replaces }) {
      if (!replaces) pauses.labels(pause.kind).inc();
    },
    PauseEnded: ({ pause }) => pauses.labels(pause.kind).dec(),
  };
}
