import type { Html } from "@message-sender/pages";

import { Card } from "./file.tsx";
import { type Fields, fieldsOf, Link, listOf, textOf } from "./parts.tsx";

export function Location({ location }: { location: Fields }): Html {
  const place = [textOf(location, "latitude"), textOf(location, "longitude")].filter((one) => one !== undefined);
  return (
    <span class="place">
      <span class="map" aria-hidden="true">
        <svg viewBox="0 0 24 24">
          <path d="M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7Zm0 9.5A2.5 2.5 0 1 1 12 6.5a2.5 2.5 0 0 1 0 5Z" />
        </svg>
      </span>
      <strong>{textOf(location, "name") ?? "Location"}</strong>
      {textOf(location, "address") !== undefined && <span>{textOf(location, "address")}</span>}
      <span class="muted">{place.join(", ")}</span>
    </span>
  );
}

export function Contacts({ contacts }: { contacts: readonly Fields[] }): Html {
  return (
    <>
      {contacts.map((contact) => {
        const name = fieldsOf(contact, "name");
        const ways = [...listOf(contact, "phones"), ...listOf(contact, "emails")];
        return (
          <Card icon="👤" title={textOf(name, "formatted_name") ?? textOf(name, "first_name") ?? "Contact"}>
            {ways.map((way) => (
              <span>{textOf(way, "phone") ?? textOf(way, "email")}</span>
            ))}
            {listOf(contact, "urls").map((one) => (
              <Link href={textOf(one, "url") ?? ""}>{textOf(one, "url") ?? ""}</Link>
            ))}
          </Card>
        );
      })}
    </>
  );
}

export function Order({ order }: { order: Fields }): Html {
  const items = listOf(order, "product_items");
  return (
    <>
      <Card icon="🛒" title={`Order of ${items.length} ${items.length === 1 ? "product" : "products"}`}>
        {items.map((item) => (
          <span>
            {textOf(item, "quantity") ?? "1"} × {textOf(item, "product_retailer_id")}
            {textOf(item, "item_price") !== undefined &&
              ` · ${textOf(item, "item_price")} ${textOf(item, "currency") ?? ""}`}
          </span>
        ))}
      </Card>
      {textOf(order, "text")}
    </>
  );
}

/** What a type that is not drawn says, as it is. */
export function Raw({ type, value }: { type: string; value: unknown }): Html {
  return (
    <>
      <strong>{type}</strong>
      <pre class="raw">{JSON.stringify(value, null, 1) ?? ""}</pre>
    </>
  );
}
