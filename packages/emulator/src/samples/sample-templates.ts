import type { TemplateVerdict } from "../graph/templates/template-review.ts";
import { accounts } from "./sample-tenants.ts";

interface SampleTemplate {
  readonly accountId: string;
  /** Without it, the template is still under review. */
  readonly verdict?: { readonly status: TemplateVerdict; readonly reason?: string };
  /** The request that creates it. */
  readonly template: Readonly<Record<string, unknown>>;
}

const language = "en_US";
const quickReply = (text: string) => ({ type: "QUICK_REPLY", text });

/** Templates in every state. Their names are their own, so that none is in the way of another. */
export const sampleTemplates: readonly SampleTemplate[] = [
  {
    accountId: accounts.kopi,
    verdict: { status: "approved" },
    template: {
      name: "senja_order_ready",
      language,
      category: "UTILITY",
      components: [
        {
          type: "BODY",
          text: "{{1}}, your order {{2}} is waiting at the counter.",
          example: { body_text: [["Ana", "17"]] },
        },
        { type: "FOOTER", text: "Kopi Senja" },
        { type: "BUTTONS", buttons: [quickReply("On my way"), quickReply("Keep it warm")] },
      ],
    },
  },
  {
    accountId: accounts.kopi,
    verdict: { status: "approved" },
    template: {
      name: "senja_new_menu",
      language,
      category: "MARKETING",
      components: [
        { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::aW1hZ2UvcG5n:c2FtcGxl"] } },
        { type: "BODY", text: "{{1}}, there is a new menu for the rainy season.", example: { body_text: [["Citra"]] } },
        {
          type: "BUTTONS",
          buttons: [
            { type: "URL", text: "See the menu", url: "https://example.com/menu/{{1}}", example: ["rain"] },
            quickReply("Stop promotions"),
          ],
        },
      ],
    },
  },
  {
    accountId: accounts.kopi,
    verdict: { status: "approved" },
    template: {
      name: "senja_sign_in_code",
      language,
      category: "AUTHENTICATION",
      components: [
        { type: "BODY", add_security_recommendation: true },
        { type: "FOOTER", code_expiration_minutes: 10 },
        { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE", text: "Copy code" }] },
      ],
    },
  },
  {
    accountId: accounts.kopi,
    template: {
      name: "senja_delivery_delayed",
      language,
      category: "UTILITY",
      parameter_format: "NAMED",
      components: [
        {
          type: "BODY",
          text: "We are sorry, {{name}}: the courier comes at {{time}}.",
          example: {
            body_text_named_params: [
              { param_name: "name", example: "Budi" },
              { param_name: "time", example: "17:30" },
            ],
          },
        },
      ],
    },
  },
  {
    accountId: accounts.kopi,
    verdict: { status: "rejected", reason: "PROMOTIONAL" },
    template: {
      name: "senja_free_refill",
      language,
      category: "UTILITY",
      components: [{ type: "BODY", text: "Only today: a free refill with every order." }],
    },
  },
  {
    accountId: accounts.batik,
    verdict: { status: "approved" },
    template: {
      name: "larasati_parcel_sent",
      language,
      category: "UTILITY",
      components: [
        { type: "HEADER", format: "TEXT", text: "Your parcel {{1}}", example: { header_text: ["JX 4471"] } },
        {
          type: "BODY",
          text: "It left our workshop today and arrives {{1}}.",
          example: { body_text: [["on Friday"]] },
        },
      ],
    },
  },
  {
    accountId: accounts.batik,
    verdict: { status: "paused" },
    template: {
      name: "larasati_season_sale",
      language,
      category: "MARKETING",
      components: [{ type: "BODY", text: "Everything in indigo costs a third less this week." }],
    },
  },
];
