import type { TemplateRefused } from "@message-sender/core/adapter";

import { pointerOf } from "./pointer.ts";
import type { Problem } from "./problem.ts";

/** The answer to a message that WhatsApp would refuse for its template: the one that WhatsApp's own refusal gets. */
export function templateProblem({ template: { name, language, status }, problems }: TemplateRefused): Problem {
  const named = `The template ${name} (${language})`;
  const title = "The message does not fit its template";
  const fault = problems.map(({ detail }) => detail).slice(0, mostNamed);
  const refused = { status: 422, type: "message-rejected", title } as const;
  if (problems.length > 0) {
    return {
      ...refused,
      detail: `${named}: ${fault.join("; ")}. Nothing was sent, and no quota was used.`,
      errors: problems.map(({ path, detail }) => ({ pointer: pointerOf(["message", ...path]), detail })),
    };
  }
  return {
    ...refused,
    title: "The template cannot be sent",
    detail: `${named} ${whyUnsendable(status)} Nothing was sent, and no quota was used.`,
  };
}

const mostNamed = 3;

function whyUnsendable(status: string): string {
  return status === "PAUSED"
    ? "is paused by WhatsApp. A queued message waits until WhatsApp resumes it."
    : `has the status ${status}. WhatsApp sends approved templates only.`;
}
