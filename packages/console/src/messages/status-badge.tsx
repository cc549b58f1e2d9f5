import type { MessageStatus } from "@message-sender/core";
import { Badge, type Html, type Tone } from "@message-sender/pages";

const tones: Readonly<Record<MessageStatus, Tone>> = {
  queued: "neutral",
  sending: "info",
  sent: "neutral",
  delivered: "good",
  read: "info",
  failed: "bad",
  expired: "bad",
  canceled: "warn",
  unknown: "warn",
};

/** The status of a message. */
export function StatusBadge({ status }: { status: MessageStatus }): Html {
  return <Badge tone={tones[status]}>{status}</Badge>;
}
