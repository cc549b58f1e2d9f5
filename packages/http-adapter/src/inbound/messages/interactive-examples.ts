import {
  buttons,
  carousel,
  catalog,
  type Content,
  ctaUrl,
  flow,
  list,
  locationRequest,
  type OtherInteractive,
  product,
  productList,
} from "@message-sender/core/content";

/** A kind that is sent unchecked. */
function other(interactive: OtherInteractive): Content {
  return { type: "interactive", interactive };
}

const body = { text: "May we call you about your order?" };

export const interactiveExamples: Readonly<Record<string, Content>> = {
  "reply buttons": buttons(
    "Is 10 o'clock good for you?",
    [
      { id: "yes", title: "Yes" },
      { id: "later", title: "Later" },
    ],
    { footer: "Our shop" },
  ),
  "a list": list("What can we do for you?", "Choose", [
    {
      title: "Orders",
      rows: [
        { id: "track", title: "Track an order", description: "Where it is right now" },
        { id: "return", title: "Return something" },
      ],
    },
  ]),
  "a link button": ctaUrl("Your order is on its way.", {
    display_text: "Track it",
    url: "https://shop.example.com/4711",
  }),
  "a flow": flow("Book your appointment.", {
    flow_message_version: "3",
    flow_id: "1206093147534521",
    flow_cta: "Book",
    flow_token: "order-4711",
  }),
  "a product": product("194836987003835", "cake-1", { body: "This one?" }),
  "several products": productList(
    "Our cakes",
    "194836987003835",
    [{ title: "Cakes", product_items: [{ product_retailer_id: "cake-1" }, { product_retailer_id: "cake-2" }] }],
    { header: "This week" },
  ),
  "a catalog": catalog("Everything that we bake", { thumbnailProductRetailerId: "cake-1" }),
  "a request for a location": locationRequest("Where shall we deliver?"),
  "a carousel": carousel(
    "New this week",
    ["cake-1", "cake-2"].map((name) => ({
      type: "cta_url" as const,
      header: { type: "image" as const, image: { link: `https://shop.example.com/${name}.jpg` } },
      body: { text: "Fresh every morning" },
      action: {
        name: "cta_url" as const,
        parameters: { display_text: "Look", url: `https://shop.example.com/${name}` },
      },
    })),
  ),
  "a request for an address": other({
    type: "address_message",
    body: { text: "Where shall we deliver?" },
    action: { name: "address_message", parameters: { country: "IN" } },
  }),
  "a request for permission to call": other({
    type: "call_permission_request",
    body,
    action: { name: "call_permission_request" },
  }),
  "a call button": other({
    type: "voice_call",
    body: { text: "Call us about your order." },
    action: { name: "voice_call", parameters: { display_text: "Call" } },
  }),
  "the status of an order": other({
    type: "order_status",
    body: { text: "Your order is being baked." },
    action: {
      name: "review_order",
      parameters: { reference_id: "order-4711", order: { status: "processing", description: "Ready at 10 o'clock" } },
    },
  }),
  "the details of an order": other({
    type: "order_details",
    body: { text: "Your order" },
    action: {
      name: "review_and_pay",
      parameters: {
        reference_id: "order-4711",
        type: "digital-goods",
        payment_configuration: "shop-upi",
        currency: "INR",
        total_amount: { value: 50000, offset: 100 },
        order: {
          status: "pending",
          items: [{ retailer_id: "cake-1", name: "Cake", amount: { value: 50000, offset: 100 }, quantity: 1 }],
          subtotal: { value: 50000, offset: 100 },
        },
      },
    },
  }),
  "a request for contact details": other({
    type: "request_contact_info",
    body: { text: "How can we reach you?" },
    action: { name: "request_contact_info" },
  }),
};
