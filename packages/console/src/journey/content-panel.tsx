import type { Message } from "@message-sender/core";
import { plainContent } from "@message-sender/core/content";
import { Code, Facts, type Html, Panel } from "@message-sender/pages";

import { messageHref } from "../frame/links.ts";
import { TokenField } from "../frame/token-field.tsx";

interface ContentPanelProps {
  readonly message: Message;
  readonly formToken: string;
  /** Whether the visitor has asked for it, which is recorded. */
  readonly isShown: boolean;
}

/** What the message says and to whom: hidden until somebody asks for it. */
export function ContentPanel({ message, formToken, isShown }: ContentPanelProps): Html {
  const { to, content } = message.request;
  if (to === "erased")
    return (
      <Panel title="Content">
        <p class="muted">The person was erased: neither recipient nor content is kept.</p>
      </Panel>
    );
  if (!isShown)
    return (
      <Panel title="Content">
        <form method="post" action={messageHref(message, "show")} class="reveal">
          <TokenField token={formToken} />
          <p class="muted">The recipient and the text are hidden. That you look at them is recorded.</p>
          <button type="submit">Show</button>
        </form>
      </Panel>
    );
  const plain = plainContent(content);
  const text = content.type === "text" ? content.text.body : undefined;
  return (
    <Panel title="Content" note="Shown on your request, which was recorded.">
      <Facts of={[["To", to]]} />
      {text === undefined ? (
        <Code id="content" text={JSON.stringify(plain, null, 2)} label={`Content: ${content.type}`} />
      ) : (
        <p class="message-text">{text}</p>
      )}
    </Panel>
  );
}
