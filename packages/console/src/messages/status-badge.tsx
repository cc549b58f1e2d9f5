import type { MessageStatus } from "@message-sender/core";
import { Badge, type Html, StatusTick, type Tone } from "@message-sender/pages";

const tones: Readonly<Record<MessageStatus, Tone>> = {
  queued: "neutral",
  sending: "info",
  sent: "neutral",
  delivered: "good",
  read: "good",
  failed: "bad",
  expired: "bad",
  canceled: "warn",
  unknown: "warn",
};

const withTick: ReadonlySet<MessageStatus> = new Set(["sent", "delivered", "read"]);

/** The status of a message. */
export function StatusBadge({ status }: { status: MessageStatus }): Html {
  return (
    <span class="status" data-status={status}>
      {withTick.has(status) && (
        <span aria-hidden="true">
          <StatusTick status={status} />
        </span>
      )}
      <Badge tone={tones[status]}>{status}</Badge>
    </span>
  );
}
