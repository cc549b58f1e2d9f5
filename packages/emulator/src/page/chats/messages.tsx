import { EmptyState, type Html, Time } from "@message-sender/pages";

import type { PageData } from "../page-data.ts";
import type { Chat } from "./chat.ts";
import { MessageLine } from "./message-line.tsx";

/** The newest messages of a chat; `GET /__emulator/messages` has all. */
const shown = 200;

/** The bubbles of a chat, day by day. */
export function Messages({ chat, data }: { chat: Chat | undefined; data: PageData }): Html {
  if (!chat) return <EmptyState title="No messages yet">Write as the customer below.</EmptyState>;
  const messages = chat.messages.slice(-shown);
  const hidden = chat.messages.length - messages.length;
  const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  return (
    <ul class="messages">
      {hidden > 0 && <li class="chat-day">{hidden} earlier messages are not shown</li>}
      {messages.map((message, at) => {
        const day = dayOf(message.at);
        const before = messages[at - 1];
        return (
          <>
            {(!before || dayOf(before.at) !== day) && (
              <li class="chat-day" id={`day-${day}`}>
                <Time at={message.at} form="day" />
              </li>
            )}
            <MessageLine message={message} chat={chat} data={data} />
          </>
        );
      })}
    </ul>
  );
}
