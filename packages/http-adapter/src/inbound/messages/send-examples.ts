import {
  audio,
  contacts,
  type Content,
  document,
  image,
  location,
  plainContent,
  reaction,
  removeReaction,
  sticker,
  text,
  video,
  voice,
} from "@message-sender/core/content";

import type { Examples } from "../routes/route.ts";
import { interactiveExamples } from "./interactive-examples.ts";
import { templateExamples } from "./template-examples.ts";

const addressed = {
  tenant_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a01",
  outlet_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a02",
  conversation_id: "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4a03",
  to: "+628123456789",
};

const contents: Readonly<Record<string, Content>> = {
  "a text": text("Hello! Your order is ready."),
  "a text with a preview of its link": text("Track it: https://shop.example.com/4711", { previewUrl: true }),
  "an image by its link": image({ link: "https://shop.example.com/4711.jpg", caption: "Your cake" }),
  "an image by its id": image({ id: "4490709327384033" }),
  "a video": video({ link: "https://shop.example.com/unboxing.mp4", caption: "How to open it" }),
  "an audio file": audio({ link: "https://shop.example.com/jingle.mp3" }),
  "a voice note": voice({ id: "1013859600285441" }),
  "a document": document({
    link: "https://shop.example.com/invoice-4711.pdf",
    filename: "invoice-4711.pdf",
    caption: "Your invoice",
  }),
  "a sticker": sticker({ id: "798882015472548" }),
  "a location": location({
    latitude: -6.2088,
    longitude: 106.8456,
    name: "Our shop",
    address: "Jalan Sudirman 1, Jakarta",
  }),
  contacts: contacts({
    name: { formatted_name: "Anna Wijaya", first_name: "Anna", last_name: "Wijaya" },
    phones: [{ phone: "+6281234567890", type: "WORK", wa_id: "6281234567890" }],
    emails: [{ email: "anna@shop.example.com", type: "WORK" }],
  }),
  "a reaction": reaction("wamid.HBgNNjI4MTIzNDU2Nzg5FQIAEhgUM0E", "👍"),
  "a reaction that is taken back": removeReaction("wamid.HBgNNjI4MTIzNDU2Nzg5FQIAEhgUM0E"),
  ...interactiveExamples,
  ...templateExamples,
};

/** Bodies of a send: at least one of each type, and of each kind of interactive message and template. */
export const sendExamples: Examples = Object.fromEntries(
  Object.entries(contents).map(([name, content]) => [
    name,
    { ...addressed, message_type: content.type, message: plainContent(content) },
  ]),
);
