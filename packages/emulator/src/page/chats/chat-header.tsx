import { Badge, Form, type Html, Time } from "@message-sender/pages";

import { pairUse } from "../../control/limit-use.ts";
import type { PageData } from "../page-data.ts";
import { actionHref } from "../paths.ts";
import { shownNumber } from "./chat.ts";
import { Avatar } from "./chat-list.tsx";
import { Customer } from "./message-line.tsx";

interface HeaderProps {
  readonly who: { readonly phoneNumberId: string; readonly customer: string };
  readonly name: string;
  readonly data: PageData;
}

/** Who the chat is with, what may be sent to them now, and what they can do besides writing. */
export function ChatHeader({ who, name, data }: HeaderProps): Html {
  const { windowEnd, isWindowOpen, hasStoppedMarketing, owed } = pairUse(data.state(), who, data.clock.now());
  const number = shownNumber(who.customer);
  return (
    <>
      <Avatar name={name} seed={who.customer} />
      <div class="chat-who">
        <h1>{name}</h1>
        <p class="note">
          {name !== number && <span>{number} </span>}
          {isWindowOpen && windowEnd !== undefined ? (
            <Badge tone="good">
              Window open until&nbsp;
              <Time at={windowEnd} form="weekday" />
            </Badge>
          ) : (
            <Badge tone="warn">{windowEnd === undefined ? "No window: never wrote" : "Window closed"}</Badge>
          )}{" "}
          {owed && (
            <Badge tone="info">
              Pair: {owed.messages} of {owed.of}
            </Badge>
          )}{" "}
          {hasStoppedMarketing && <Badge tone="bad">No marketing</Badge>}
        </p>
      </div>
      <div class="chat-tools">
        <Form action={actionHref("read")}>
          <Customer of={who} />
          <button type="submit" class="small">
            Read all
          </button>
        </Form>
        <Form action={actionHref("marketing")}>
          <Customer of={who} />
          <button type="submit" class="small" name="value" value={hasStoppedMarketing ? "resume" : "stop"}>
            {hasStoppedMarketing ? "Allow marketing" : "Stop marketing"}
          </button>
        </Form>
      </div>
    </>
  );
}
