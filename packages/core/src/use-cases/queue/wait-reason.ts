import { explainPause, type Pause } from "../../domain/pause.ts";
import type { Slowdown } from "../../ports/pacer.ts";
import type { LineState } from "../../ports/store/message-queue.ts";

interface WaitFacts {
  readonly line: LineState;
  readonly now: Date;
  /** The pause of its tenant, of itself or of its number. */
  readonly pause: Pause | undefined;
  /** What holds back a template of which it has messages. */
  readonly ofTemplate: TemplateHold | undefined;
  /** What holds its number back, as far as this process knows. */
  readonly slowdown: Slowdown | undefined;
}

/** What holds back a template: a pause here, or WhatsApp, which has paused the template. */
export type TemplateHold =
  | { readonly by: "pause"; readonly pause: Pause }
  | { readonly by: "whatsapp"; readonly name: string; readonly language: string };

/** Why the messages of an outlet wait, for people. */
export function waitReason({ line, now, pause, ofTemplate, slowdown }: WaitFacts): string {
  if (pause) return explainPause(pause);
  const reason = line.due > 0 && slowdown ? explainSlowdown(slowdown) : reasonOfLine(line, now);
  return ofTemplate ? `${reason} ${explainTemplateHold(ofTemplate)}` : reason;
}

function explainTemplateHold(hold: TemplateHold): string {
  const who = "Some of its messages wait";
  if (hold.by === "pause") return explainPause(hold.pause, who);
  return `${who}: WhatsApp has paused template ${hold.name} (${hold.language}).`;
}

/** What a slowdown of its number does to the messages of an outlet, until when and why, for people. */
export function explainSlowdown({ condition, until, reason }: Slowdown): string {
  switch (condition) {
    case "open":
      return `It waits: ${reason}. Its number only probes whether WhatsApp works again${until ? `, next at ${until.toISOString()}` : ""}.`;
    case "paused":
      return `It waits: its number pauses${until ? ` until ${until.toISOString()}` : ""}. ${reason}.`;
    case "throttled":
      return `It is being sent at a lower rate. ${reason}.`;
  }
}

function reasonOfLine({ due, isHeld, nextDueAt }: LineState, now: Date): string {
  if (due > 0 && isHeld) return "It is being sent, as fast as the limits of its number allow.";
  if (due > 0) return "No process has taken it yet.";
  if (!nextDueAt) return "Its attempts are in flight.";
  return nextDueAt > now ? `Its next message is due at ${nextDueAt.toISOString()}.` : "It is taken up now.";
}
