import { z } from "zod";

import { type FaultMatch, matches } from "../faults/fault-match.ts";
import { matchSchema } from "../faults/fault-schema.ts";
import type { GraphMessage } from "../graph/graph-message.ts";
import type { WebhookError } from "./webhook-payload.ts";

/** Messages that are meant. With neither, all are. */
export interface FailureMatch {
  readonly wamid?: string;
  readonly match?: FaultMatch;
}

/** Which accepted messages fail, and why. The first rule that applies counts. */
export interface FailureRules {
  add(which: FailureMatch | ((message: GraphMessage) => boolean), error: WebhookError): void;
  of(message: GraphMessage): WebhookError | undefined;
  /** Those that are no functions. */
  save(): readonly SavedRule[];
  restore(saved: unknown): void;
  clear(): void;
}

type SavedRule = z.output<typeof savedSchema>[number];

const savedSchema = z.array(
  z.object({
    which: z.object({ wamid: z.string().exactOptional(), match: matchSchema.exactOptional() }),
    error: z.object({ code: z.number(), details: z.string().exactOptional() }),
  }),
);

export function createFailureRules(): FailureRules {
  const rules: { which: FailureMatch | ((message: GraphMessage) => boolean); error: WebhookError }[] = [];

  return {
    add: (which, error) => void rules.push({ which, error }),
    of: (message) =>
      rules.find(({ which }) => (typeof which === "function" ? which(message) : isMeant(which, message)))?.error,
    save: () => rules.flatMap(({ which, error }) => (typeof which === "function" ? [] : [{ which, error }])),
    restore: (saved) => void rules.push(...savedSchema.parse(saved)),
    clear: () => void rules.splice(0),
  };
}

function isMeant({ wamid, match = {} }: FailureMatch, message: GraphMessage): boolean {
  if (wamid !== undefined && wamid !== message.wamid) return false;
  return matches(match, { phoneNumberId: message.phoneNumberId }, message.body);
}
