/** The example of a customer's message, as WhatsApp reports it. */
export const customerMessage = {
  object: "whatsapp_business_account",
  entry: [
    {
      id: "102290129340398",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
            contacts: [{ profile: { name: "Anna" }, wa_id: "628123456789" }],
            messages: [
              {
                from: "628123456789",
                id: "wamid.HBgN",
                timestamp: "1763719391",
                type: "text",
                text: { body: "Thanks!" },
              },
            ],
          },
        },
      ],
    },
  ],
};
