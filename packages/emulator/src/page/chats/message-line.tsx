import { Bubble, Form, type Html, OpenButton } from "@message-sender/pages";

import type { ChatMessage } from "../../chats/chat-message.ts";
import { type Offer, offersOf, quickReplyLabels } from "../../customers/offers.ts";
import { errorWords } from "../error-codes.ts";
import type { PageData } from "../page-data.ts";
import { actionHref } from "../paths.ts";
import type { Chat } from "./chat.ts";
import { Content, templateOf } from "./content/content.tsx";
import { Leads } from "./content/interactive.tsx";
import { fieldsOf, textOf } from "./content/parts.tsx";
import { TemplateLinks } from "./content/template.tsx";

interface LineProps {
  readonly message: ChatMessage;
  readonly chat: Chat;
  readonly data: PageData;
}

/** A message as its bubble, or a notice of WhatsApp's in the middle. */
export function MessageLine({ message, chat, data }: LineProps): Html {
  const { id, direction, at, type, status, statuses } = message;
  if (type === "system") {
    return (
      <li class="chat-day" id={id}>
        <Content message={message} data={data} />
      </li>
    );
  }
  const failure = statuses.findLast((one) => one.error !== undefined)?.error;
  return (
    <Bubble
      id={id}
      direction={direction}
      from={direction === "out" ? "The business" : chat.name}
      at={at}
      {...(direction === "out" && { status })}
      {...quotedIn(message, chat, data)}
      reactions={chat.reactions.get(id) ?? []}
      actions={<More message={message} />}
      {...(direction === "out" && buttonsOf(message, data))}
    >
      <Content message={message} data={data} />
      {status === "failed" && failure && <span class="failure">{errorWords(failure)}</span>}
    </Bubble>
  );
}

/** What a message answers: of a message that is not kept any more, its id. */
function quotedIn({ content }: ChatMessage, chat: Chat, data: PageData): { quoted?: Html } {
  const context = fieldsOf(content, "context");
  const id = textOf(context, "message_id") ?? textOf(context, "id");
  if (id === undefined) return {};
  const quoted = data.chats.find(id);
  const from = quoted?.direction === "out" ? "The business" : chat.name;
  const words = quoted ? quoted.text.split("\n").slice(0, 2).join(" ") || quoted.type : id;
  return {
    quoted: (
      <a href={`#${id}`}>
        <strong>{quoted ? from : "A message"}</strong>
        <span>{words}</span>
      </a>
    ),
  };
}

/** Opens what can be done with a message. */
function More({ message }: { message: ChatMessage }): Html {
  const { id, direction, statuses, text, type } = message;
  const history = statuses.map(({ status, at }) => `${status} ${new Date(at).toISOString().slice(11, 23)}`);
  return (
    <OpenButton
      opens={direction === "out" ? "message-out" : "message-in"}
      class="plain small"
      label={`What to do with: ${text.slice(0, 40) || type}`}
      fill={{ id, replyTo: id, summary: text.slice(0, 120) || type, history: history.join(" · ") || "accepted" }}
    >
      ⋯
    </OpenButton>
  );
}

function buttonsOf(message: ChatMessage, data: PageData): { buttons?: Html } {
  const template = templateOf(message, data);
  const labels = quickReplyLabels(template?.components ?? []);
  const offers = offersOf(message.content, labels);
  const rows = offers.filter(({ kind }) => kind === "list");
  const interactive = fieldsOf(message.content, "interactive");
  const action = fieldsOf(interactive, "action");
  const kind = textOf(interactive, "type") ?? "";
  const leads = kind === "cta_url" || (template?.components ?? []).some((one) => one["type"] === "BUTTONS");
  if (offers.length === 0 && !leads && kind !== "flow" && kind !== "location_request_message") return {};
  return {
    buttons: (
      <>
        {offers
          .filter(({ kind: own }) => own !== "list")
          .map((offer) => (
            <Take message={message} offer={offer} name="press" />
          ))}
        {rows.length > 0 && (
          <details class="rows" id={`rows-${message.id}`}>
            <summary>{textOf(action, "button") ?? "Choose"}</summary>
            {rows.map((offer) => (
              <Take message={message} offer={offer} name="choose" />
            ))}
          </details>
        )}
        {kind === "flow" && <Complete message={message} label={textOf(fieldsOf(action, "parameters"), "flow_cta")} />}
        {kind === "location_request_message" && (
          <OpenButton opens="attach" fill={{ replyTo: message.id }}>
            Send location
          </OpenButton>
        )}
        <Leads interactive={interactive} />
        <TemplateLinks sent={fieldsOf(message.content, "template")} template={template} />
      </>
    ),
  };
}

/** A button or a row that the customer takes. */
function Take({ message, offer, name }: { message: ChatMessage; offer: Offer; name: "press" | "choose" }): Html {
  return (
    <Form action={actionHref(name)}>
      <Customer of={message} replyTo={message.id} />
      <button type="submit" name="offer" value={offer.id}>
        <span>{offer.title}</span>
        {offer.description !== undefined && <span class="muted">{offer.description}</span>}
      </button>
    </Form>
  );
}

/** The form of a flow, as the values that it would give back. */
function Complete({ message, label = "Open form" }: { message: ChatMessage; label?: string | undefined }): Html {
  return (
    <details class="rows" id={`form-${message.id}`}>
      <summary>{label}</summary>
      <Form action={actionHref("submit")} class="stack">
        <Customer of={message} replyTo={message.id} />
        <textarea name="values" rows={3} aria-label="The values of the form, as JSON">
          {'{"name": "Budi"}'}
        </textarea>
        <button type="submit">Complete the form</button>
      </Form>
    </details>
  );
}

/** The fields that say who does something, and where. */
export function Customer(props: { of: { customer: string; phoneNumberId: string }; replyTo?: string }): Html {
  return (
    <>
      <input type="hidden" name="customer" value={props.of.customer} />
      <input type="hidden" name="phoneNumberId" value={props.of.phoneNumberId} />
      {props.replyTo !== undefined && <input type="hidden" name="replyTo" value={props.replyTo} />}
    </>
  );
}
