import type { BoundedLog } from "../collections/bounded-log.ts";
import type { Listener } from "../http/listener.ts";
import { createServiceHandle, type ServiceHandle } from "../http/service-handle.ts";
import type { ConversationRequest } from "./conversation-service.ts";
import type { ConversationMessage, Conversations } from "./conversations.ts";

/** Shows and controls the Conversation Service. */
export interface ConversationHandle extends ServiceHandle<ConversationRequest> {
  /** The highest version of each message, in the order in which the messages first arrived. */
  readonly messages: readonly ConversationMessage[];
  /** The highest version of a message; undefined: it has not arrived. */
  message(messageId: string): ConversationMessage | undefined;
  /** The messages of a conversation by `sent_at`, oldest first. */
  conversation(conversationId: string): readonly ConversationMessage[];
}

interface ConversationHandleParts {
  readonly log: BoundedLog<ConversationRequest>;
  readonly listener: Listener;
  readonly conversations: () => Conversations;
}

export function createConversationHandle(parts: ConversationHandleParts): ConversationHandle {
  const { log, listener, conversations } = parts;
  return createServiceHandle<ConversationRequest, ConversationHandle>({
    log,
    listener,
    own: {
      get messages() {
        return conversations().all();
      },
      message: (messageId) => conversations().find(messageId),
      conversation: (conversationId) => conversations().of(conversationId),
    },
  });
}
