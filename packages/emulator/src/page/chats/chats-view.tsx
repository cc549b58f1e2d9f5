import { EmptyState, type Html, OpenButton, Region } from "@message-sender/pages";

import type { PageData } from "../page-data.ts";
import { viewHref } from "../paths.ts";
import { Start } from "../sandbox/start.tsx";
import type { View } from "../view.ts";
import { AttachDialog } from "./attach-dialog.tsx";
import { chatsOf, shownNumber } from "./chat.ts";
import { ChatHeader } from "./chat-header.tsx";
import { ChatList } from "./chat-list.tsx";
import { Composer } from "./composer.tsx";
import { MessageDialogs } from "./message-dialogs.tsx";
import { Messages } from "./messages.tsx";
import { NewChatDialog } from "./new-chat-dialog.tsx";

/** The chats of all numbers, and one of them open. `chat`: number and customer; undefined: none is open. */
export function chatsView(data: PageData, query: URLSearchParams): View {
  const wanted = query.get("chat") ?? "";
  const [, phoneNumberId, customer] = /^([^/]+)\/(.+)$/.exec(wanted) ?? [];
  const who = phoneNumberId === undefined || customer === undefined ? undefined : { phoneNumberId, customer };
  const current = () => chatsOf(data.chats.all()).find(({ key }) => key === wanted);
  const name = current()?.name ?? shownNumber(customer ?? "");

  return {
    title: who ? name : "Chats",
    regions() {
      const chats = chatsOf(data.chats.all());
      const list = chats.length === 0 ? <NoChats /> : <ChatList chats={chats} current={wanted} data={data} />;
      if (!who) return { list, start: <Start data={data} /> };
      const chat = chats.find(({ key }) => key === wanted);
      return {
        list,
        head: <ChatHeader who={who} name={chat?.name ?? name} data={data} />,
        messages: <Messages chat={chat} data={data} />,
      };
    },
    body: ({ list, head, messages, start }) => (
      <div class={`chats${who ? " has-chat" : ""}`}>
        <aside class="chat-list" aria-label="Chats">
          <div class="chat-list-head">
            {who ? <h2>Chats</h2> : <h1>Chats</h1>}
            <OpenButton opens="new-chat" class="small">
              New customer
            </OpenButton>
          </div>
          {list && <Region of={list} />}
        </aside>
        <section class="chat" aria-label={who ? `Chat with ${name}` : "Start"}>
          {who && head && messages ? (
            <>
              <div class="chat-head">
                <a class="button plain chat-back" href={viewHref("chats")} aria-label="All chats">
                  ←
                </a>
                <Region of={head} class="chat-head-region" />
              </div>
              <div class="chat-scroll" data-stick="end" role="log" aria-label="Messages" tabindex={0}>
                <Region of={messages} />
              </div>
              <Composer who={who} name={name} />
              <MessageDialogs who={who} />
              <AttachDialog who={who} />
            </>
          ) : (
            <div class="chat-start">{start && <Region of={start} />}</div>
          )}
        </section>
        <NewChatDialog numbers={numbersOf(data)} />
      </div>
    ),
  };
}

function NoChats(): Html {
  return (
    <EmptyState title="No chats yet">
      <p>Send a message to the emulator, or let a customer write.</p>
    </EmptyState>
  );
}

/** The numbers that somebody wrote from or to, and those that are seeded. */
function numbersOf({ chats, tenants, firstNumber }: PageData): readonly string[] {
  const used = chats.all().map(({ phoneNumberId }) => phoneNumberId);
  const seeded = tenants()
    .accounts()
    .flatMap((account) => tenants().numbersOf(account));
  return [...new Set([...used.toReversed(), ...seeded, firstNumber()])].slice(0, 50);
}
