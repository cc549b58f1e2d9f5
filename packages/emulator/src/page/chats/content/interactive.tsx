import type { Html } from "@message-sender/pages";

import type { PageData } from "../../page-data.ts";
import { File } from "./file.tsx";
import { type Fields, fieldsOf, Link, listOf, Marked, textOf } from "./parts.tsx";

type Media = Pick<PageData, "state">;

/** An interactive message without what can be pressed in it; what a customer pressed; a form that they completed. */
export function Interactive({ interactive, data }: { interactive: Fields; data: Media }): Html {
  const reply = textOf(interactive, "type") ?? "";
  if (reply === "button_reply" || reply === "list_reply") {
    const chosen = fieldsOf(interactive, reply);
    return (
      <>
        {textOf(chosen, "title")}
        {textOf(chosen, "description") !== undefined && <span class="footer">{textOf(chosen, "description")}</span>}
      </>
    );
  }
  if (reply === "nfm_reply") {
    return (
      <>
        <strong>Form completed</strong>
        <pre class="raw">{textOf(fieldsOf(interactive, "nfm_reply"), "response_json")}</pre>
      </>
    );
  }
  return (
    <>
      <Header header={fieldsOf(interactive, "header")} data={data} />
      <Marked text={textOf(fieldsOf(interactive, "body"), "text") ?? ""} />
      <Products action={fieldsOf(interactive, "action")} />
      {listOf(fieldsOf(interactive, "action"), "cards").map((card) => (
        <span class="carousel-card">
          <Interactive interactive={card} data={data} />
        </span>
      ))}
      <Footer text={textOf(fieldsOf(interactive, "footer"), "text")} />
    </>
  );
}

/** A header is a text or a file. */
export function Header({ header, data }: { header: Fields; data: Media }): Html {
  const type = textOf(header, "type") ?? "";
  if (type === "text") return <strong class="header">{textOf(header, "text")}</strong>;
  if (["image", "video", "document"].includes(type))
    return <File kind={type} file={fieldsOf(header, type)} data={data} />;
  return <></>;
}

export function Footer({ text }: { text: string | undefined }): Html {
  return text === undefined ? <></> : <span class="footer">{text}</span>;
}

/** The products of a catalogue, which the emulator knows by their ids only. */
function Products({ action }: { action: Fields }): Html {
  const own = textOf(action, "product_retailer_id");
  const ids = [
    ...(own === undefined ? [] : [own]),
    ...listOf(action, "sections").flatMap((section) =>
      listOf(section, "product_items").map((item) => textOf(item, "product_retailer_id") ?? ""),
    ),
  ];
  return (
    <>
      {ids.map((id) => (
        <span class="product-line">🛍️ {id}</span>
      ))}
    </>
  );
}

/** Buttons that lead somewhere instead of answering. */
export function Leads({ interactive }: { interactive: Fields }): Html {
  const action = fieldsOf(interactive, "action");
  const parameters = fieldsOf(action, "parameters");
  if (textOf(interactive, "type") === "cta_url") {
    return (
      <span class="bubble-link">
        <Link href={textOf(parameters, "url") ?? ""}>{textOf(parameters, "display_text") ?? "Open"}</Link>
      </span>
    );
  }
  return <></>;
}
