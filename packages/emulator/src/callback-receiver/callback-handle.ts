import type { Listener } from "../http/listener.ts";
import { createServiceHandle, type ServiceHandle } from "../http/service-handle.ts";
import {
  type CallbackEvent,
  type CallbackReceiver,
  type CallbackRequest,
  callbackSecret,
} from "./callback-receiver.ts";

/** Shows the status callbacks that the sandbox received. */
export interface CallbackHandle extends ServiceHandle<CallbackRequest> {
  /** The URL to post status callbacks to. */
  readonly url: string;
  /** The secret that they must be signed with. */
  readonly secret: string;
  /** The newest events that were taken, repeats included, in the order of arrival. */
  readonly events: readonly CallbackEvent[];
  /** The events of one message, in the order of arrival. */
  of(messageId: string): readonly CallbackEvent[];
}

export function createCallbackHandle({ log, events }: CallbackReceiver, listener: Listener): CallbackHandle {
  return createServiceHandle<CallbackRequest, CallbackHandle>({
    log,
    listener,
    own: {
      url: `${listener.url}/callbacks`,
      secret: callbackSecret,
      get events() {
        return events.entries();
      },
      of: (messageId) => events.entries().filter(({ data }) => data["message_id"] === messageId),
    },
  });
}
