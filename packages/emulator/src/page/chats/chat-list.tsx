import { type Html, StatusTick, Time } from "@message-sender/pages";

import type { PageData } from "../page-data.ts";
import { chatHref } from "../paths.ts";
import { type Chat, shownNumber } from "./chat.ts";

/** A load test makes thousands: they would all be drawn, and sent, again with each message. */
const mostChats = 200;

/** The latest chats, and the one that is open, by the number of the business that they are with. */
export function ChatList({ chats, current, data }: { chats: readonly Chat[]; current: string; data: PageData }): Html {
  const listed = chats.filter(({ key }, at) => at < mostChats || key === current);
  const hidden = chats.length - listed.length;
  const numbers = [...new Set(listed.map(({ phoneNumberId }) => phoneNumberId))];
  return (
    <>
      {numbers.map((phoneNumberId) => (
        <section class="chat-group" id={`number-${phoneNumberId}`}>
          <h2 class="chat-number">
            {data.state().numbers.verifiedNameOf(phoneNumberId)}
            <span>
              {shownNumber(data.webhooks.sourceOf(phoneNumberId).displayPhoneNumber)} · {phoneNumberId}
            </span>
          </h2>
          <ul>
            {listed
              .filter((chat) => chat.phoneNumberId === phoneNumberId)
              .map((chat) => (
                <ChatLine chat={chat} isCurrent={chat.key === current} now={data.clock.now()} />
              ))}
          </ul>
        </section>
      ))}
      {hidden > 0 && <p class="note">{hidden} earlier chats are not shown</p>}
    </>
  );
}

function ChatLine({ chat, isCurrent, now }: { chat: Chat; isCurrent: boolean; now: number }): Html {
  const { last, name, unread } = chat;
  return (
    <li id={`chat-${chat.key}`}>
      <a class="chat-line" href={chatHref(chat)} aria-current={isCurrent ? "true" : undefined}>
        <Avatar name={name} seed={chat.customer} />
        <span class="chat-line-name">{name}</span>
        <Time at={last.at} form={now - last.at < halfADayMs ? "clock" : "weekday"} />
        <span class="chat-line-text">
          {last.direction === "out" && <StatusTick status={last.status} />}
          <span>{preview(last)}</span>
        </span>
        {unread > 0 && (
          <span class="chat-line-unread">
            {unread}
            <span class="hidden"> not read by the customer</span>
          </span>
        )}
      </a>
    </li>
  );
}

const halfADayMs = 12 * 3_600_000;

/** A person's initials, on a colour of their own. */
export function Avatar({ name, seed }: { name: string; seed: string }): Html {
  const letters = name
    .split(/\s+/)
    .map((word) => /\p{L}/u.exec(word)?.[0] ?? "")
    .join("")
    .slice(0, 2)
    .toUpperCase();
  const colour = Array.from(seed, (letter) => letter.codePointAt(0) ?? 0).reduce((sum, code) => sum + code, 0) % 6;
  return (
    <span class={`avatar colour-${colour}`} aria-hidden="true">
      {letters || "#"}
    </span>
  );
}

const kinds: Readonly<Record<string, string>> = {
  image: "📷 Picture",
  video: "🎬 Video",
  audio: "🎤 Audio",
  document: "📄 Document",
  sticker: "Sticker",
  location: "📍 Location",
  contacts: "👤 Contact",
  order: "🛒 Order",
  unsupported: "Unsupported message",
};

/** A line that says what a message is about. */
function preview({ type, text: whole, content }: Chat["last"]): string {
  const [text = ""] = whole.split("\n", 1);
  if (type === "reaction")
    return `Reacted ${(content["reaction"] as { emoji?: string } | undefined)?.emoji ?? "no more"}`;
  if (type === "template") return `Template ${(content["template"] as { name?: string } | undefined)?.name ?? ""}`;
  const kind = kinds[type];
  return [kind, kind === undefined || type === "image" ? text : ""].filter((part) => part).join(" ") || type;
}
