import type { Html } from "@message-sender/pages";

import type { ChatMessage } from "../../../chats/chat-message.ts";
import type { PageData } from "../../page-data.ts";
import { Contacts, Location, Order, Raw } from "./cards.tsx";
import { File } from "./file.tsx";
import { Interactive } from "./interactive.tsx";
import { fieldsOf, listOf, Marked, textOf } from "./parts.tsx";
import { Template } from "./template.tsx";

const files = new Set(["image", "video", "audio", "document", "sticker"]);

/** What a message says, as people see it. */
export function Content({ message, data }: { message: ChatMessage; data: PageData }): Html {
  const { type, content } = message;
  const own = fieldsOf(content, type);
  if (type === "text") return <Marked text={textOf(own, "body") ?? ""} />;
  if (files.has(type)) return <File kind={type} file={own} data={data} />;
  switch (type) {
    case "template":
      return <Template sent={own} template={templateOf(message, data)} data={data} />;
    case "interactive":
      return <Interactive interactive={own} data={data} />;
    case "button":
      return <>{textOf(own, "text")}</>;
    case "location":
      return <Location location={own} />;
    case "contacts":
      return <Contacts contacts={listOf(content, "contacts")} />;
    case "order":
      return <Order order={own} />;
    case "system":
      return <>{textOf(own, "body")}</>;
    case "unsupported":
      return <em>A message that the Cloud API cannot show</em>;
    default:
      return <Raw type={type} value={content[type] ?? content} />;
  }
}

/** The template that a message names; undefined: nothing is known of it. */
export function templateOf({ content, phoneNumberId }: ChatMessage, { state, tenants }: PageData) {
  return state().templates.usedBy(content, tenants().wabaOf(phoneNumberId));
}
