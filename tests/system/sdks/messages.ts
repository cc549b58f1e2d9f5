/** A message of every type, as Meta's documentation has them, without `messaging_product` and `to`. `media`: an uploaded file. */
export function everyMessage(media: string, answered: string) {
  const body = { text: "Which one?" };
  const reply = (id: string) => ({ type: "reply", reply: { id, title: id } });
  const card = (index: number) => ({
    card_index: index,
    type: "cta_url",
    header: { type: "image", image: { id: media } },
    body: { text: `Card ${index}` },
    action: { name: "cta_url", parameters: { display_text: "Open", url: "https://example.com" } },
  });
  const interactive = {
    button: { body, action: { buttons: [reply("yes"), reply("no")] } },
    list: { body, action: { button: "Choose", sections: [{ title: "All", rows: [{ id: "one", title: "One" }] }] } },
    cta_url: { body, action: { name: "cta_url", parameters: { display_text: "Open", url: "https://example.com" } } },
    flow: {
      body,
      action: {
        name: "flow",
        parameters: { flow_message_version: "3", flow_id: "123", flow_cta: "Open", flow_token: "t", mode: "draft" },
      },
    },
    product: { body, action: { catalog_id: "1", product_retailer_id: "sku" } },
    product_list: {
      header: { type: "text", text: "Products" },
      body,
      action: { catalog_id: "1", sections: [{ title: "All", product_items: [{ product_retailer_id: "sku" }] }] },
    },
    catalog_message: {
      body,
      action: { name: "catalog_message", parameters: { thumbnail_product_retailer_id: "sku" } },
    },
    location_request_message: { body, action: { name: "send_location" } },
    address_message: { body, action: { name: "address_message", parameters: { country: "IN" } } },
    call_permission_request: { body, action: { name: "call_permission_request" } },
    carousel: { body, action: { cards: [card(0), card(1)] } },
  };
  return [
    { type: "text", text: { body: "Hello!", preview_url: true } },
    { type: "image", image: { id: media, caption: "The menu" } },
    { type: "video", video: { link: "https://example.com/a.mp4" } },
    { type: "audio", audio: { link: "https://example.com/a.ogg" } },
    { type: "document", document: { link: "https://example.com/a.pdf", filename: "a.pdf" } },
    { type: "sticker", sticker: { link: "https://example.com/a.webp" } },
    { type: "location", location: { latitude: -6.2, longitude: 106.8, name: "Office", address: "Street 1" } },
    { type: "contacts", contacts: [{ name: { formatted_name: "Ana", first_name: "Ana" }, phones: [{ phone: "+1" }] }] },
    { type: "reaction", reaction: { message_id: answered, emoji: "👍" } },
    {
      type: "template",
      template: {
        name: "order_ready",
        language: { code: "en_US" },
        components: [{ type: "body", parameters: [{ type: "text", text: "17" }] }],
      },
    },
    ...Object.entries(interactive).map(([type, rest]) => ({ type: "interactive", interactive: { type, ...rest } })),
  ] as const;
}
