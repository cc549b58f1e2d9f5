import type { CustomerMessage } from "../customers/customer-schema.ts";
import type { WebhookStatus } from "../webhooks/webhook-payload.ts";
import { samplePicture } from "./sample-picture.ts";
import { numbers } from "./sample-tenants.ts";

/** One message, in either direction. */
export type SampleMessage = {
  readonly minutesAgo: number;
  readonly phoneNumberId: string;
  readonly customer: SampleCustomer;
} & (
  | { readonly says: CustomerMessage }
  | {
      /** Meta's body, without the recipient. `sampleMediaId` stands for a picture that was uploaded. */
      readonly sends: Readonly<Record<string, unknown>>;
      readonly becomes: readonly WebhookStatus[];
      /** Why it failed. */
      readonly errorCode?: number;
    }
);

interface SampleCustomer {
  /** From the range that is reserved for fiction. */
  readonly phone: string;
  readonly profileName: string;
}

export const sampleMediaId = "the id of the sample picture";

const ana = { phone: "12025550143", profileName: "Ana Wijaya" };
const budi = { phone: "12025550157", profileName: "Budi Santoso" };
const citra = { phone: "12025550162", profileName: "Citra Lestari" };
const dewi = { phone: "12025550178", profileName: "Dewi Anggraini" };
const { jakarta, bandung, batik } = numbers;
const text = (body: string) => ({ type: "text", text: { body } });
const read: readonly WebhookStatus[] = ["sent", "delivered", "read"];
const words = (...texts: readonly string[]) => texts.map((one) => ({ type: "text", text: one }));

function template(name: string, components: readonly object[]) {
  return { type: "template", template: { name, language: { code: "en_US" }, components } };
}

/** Oldest first. */
export const sampleChats: readonly SampleMessage[] = [
  { minutesAgo: 1_440, phoneNumberId: batik, customer: dewi, says: { text: "Has my parcel left yet?" } },
  {
    minutesAgo: 1_432,
    phoneNumberId: batik,
    customer: dewi,
    sends: template("larasati_parcel_sent", [
      { type: "header", parameters: words("JX 4471") },
      { type: "body", parameters: words("on Friday") },
    ]),
    becomes: read,
  },
  { minutesAgo: 1_430, phoneNumberId: batik, customer: dewi, says: { react: "🙏" } },
  { minutesAgo: 1_429, phoneNumberId: batik, customer: dewi, says: { audio: { voice: true } } },
  {
    minutesAgo: 300,
    phoneNumberId: jakarta,
    customer: citra,
    sends: template("senja_new_menu", [
      { type: "header", parameters: [{ type: "image", image: { id: sampleMediaId } }] },
      { type: "body", parameters: words("Citra") },
      { type: "button", sub_type: "url", index: "0", parameters: words("rain") },
    ]),
    becomes: ["failed"],
    errorCode: 131049,
  },
  {
    minutesAgo: 95,
    phoneNumberId: bandung,
    customer: budi,
    says: { image: { data: samplePicture, mimeType: "image/png", caption: "Is this from the new roast?" } },
  },
  {
    minutesAgo: 92,
    phoneNumberId: bandung,
    customer: budi,
    sends: text("It is, since last week. A bag of 250 g costs 95,000."),
    becomes: read,
  },
  {
    minutesAgo: 91,
    phoneNumberId: bandung,
    customer: budi,
    sends: {
      type: "interactive",
      interactive: {
        type: "list",
        body: { text: "How would you like to get it?" },
        action: {
          button: "Choose",
          sections: [
            {
              title: "Delivery",
              rows: [
                { id: "courier", title: "Courier", description: "Today, between 15 and 17" },
                { id: "post", title: "Post", description: "In two days" },
              ],
            },
            { title: "At the roastery", rows: [{ id: "pick-up", title: "Pick up", description: "Until 20" }] },
          ],
        },
      },
    },
    becomes: read,
  },
  { minutesAgo: 88, phoneNumberId: bandung, customer: budi, says: { choose: "Courier" } },
  {
    minutesAgo: 87,
    phoneNumberId: bandung,
    customer: budi,
    says: { location: { latitude: -6.9147, longitude: 107.6098, name: "Jalan Braga 12" } },
  },
  {
    minutesAgo: 85,
    phoneNumberId: bandung,
    customer: budi,
    sends: text("Thank you. The courier rings when he is there."),
    becomes: ["sent", "delivered"],
  },
  { minutesAgo: 30, phoneNumberId: jakarta, customer: ana, says: { text: "Morning! Are you open on Sundays?" } },
  {
    minutesAgo: 28,
    phoneNumberId: jakarta,
    customer: ana,
    sends: text("Good morning, Ana. Yes, from 8 to 16."),
    becomes: read,
  },
  {
    minutesAgo: 27,
    phoneNumberId: jakarta,
    customer: ana,
    sends: {
      type: "interactive",
      interactive: {
        type: "button",
        header: { type: "image", image: { id: sampleMediaId } },
        body: { text: "What may we prepare for you?" },
        footer: { text: "Ready in ten minutes" },
        action: {
          buttons: [
            { type: "reply", reply: { id: "latte", title: "Latte" } },
            { type: "reply", reply: { id: "tubruk", title: "Kopi tubruk" } },
            { type: "reply", reply: { id: "menu", title: "Show the menu" } },
          ],
        },
      },
    },
    becomes: read,
  },
  { minutesAgo: 25, phoneNumberId: jakarta, customer: ana, says: { press: "Latte" } },
  {
    minutesAgo: 14,
    phoneNumberId: jakarta,
    customer: ana,
    sends: template("senja_order_ready", [{ type: "body", parameters: words("Ana", "17") }]),
    becomes: ["sent", "delivered"],
  },
];
