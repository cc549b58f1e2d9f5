import { z } from "#zod";

import {
  customerMessageSchema,
  customerPreferenceSchema,
  customerReadSchema,
  numberChangeSchema,
} from "../customers/customer-schema.ts";
import { CustomerProblem, type Customers, isUserId } from "../customers/customers.ts";
import { ControlProblem, type ControlRoute, route } from "./routes/route.ts";
import { actShape, messageShape } from "./shapes.ts";

const params = z.object({
  customer: z
    .string()
    .refine((customer) => isUserId(customer) || /\d/.test(customer), {
      error: "must be a phone number, or a business-scoped user id such as ID.77",
    })
    .describe("A phone number in any form, or a business-scoped user id such as `ID.77`."),
});

const impossible = { description: "There is no such message, button or row; the answer says what there is." };

/** What customers do. */
export function customerRoutes(customers: Customers): readonly ControlRoute[] {
  return [
    route({
      method: "POST",
      path: "/customers/:customer/messages",
      operation: "sendAsCustomer",
      tag: "Customers",
      summary: "Write, press a button, choose from a list, react or send a file, as a customer",
      description: "Opens the 24-hour window, and sends a webhook where there is a target. The answer has both.",
      params,
      body: customerMessageSchema,
      examples: {
        "a text": { text: "Hi" },
        "a button that is pressed": { press: "Yes" },
        "a row that is chosen": { choose: "Express" },
        "a reaction to the latest message": { react: "👍" },
        "a picture": { image: { caption: "Is this the one?" } },
        "a voice message": { audio: { voice: true } },
        "a place": { location: { latitude: -6.2, longitude: 106.8, name: "Office" } },
        "an order": {
          order: {
            catalog_id: "194836987003835",
            product_items: [{ product_retailer_id: "di9ozbzfi4", quantity: 2, item_price: 30, currency: "USD" }],
          },
        },
        "a text after an ad": {
          text: "Hello! More?",
          referral: { source_type: "ad", source_id: "120226305854810726" },
        },
      },
      answers: {
        201: { description: "The message as the number received it, and its webhook.", schema: actShape },
        409: impossible,
      },
      handle: ({ params: { customer }, body }) => ({
        status: 201,
        body: attempt(() => customers.send(customer, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/customers/:customer/read",
      operation: "readAsCustomer",
      tag: "Customers",
      summary: "Read the messages to a customer that were not read yet",
      params,
      body: customerReadSchema,
      examples: { all: {} },
      answers: { 200: { description: "They are read.", schema: z.object({ messages: z.array(messageShape) }) } },
      handle: ({ params: { customer }, body }) => ({ status: 200, body: { messages: customers.read(customer, body) } }),
    }),
    route({
      method: "POST",
      path: "/customers/:customer/marketing",
      operation: "preferAsCustomer",
      tag: "Customers",
      summary: "Stop marketing messages, or allow them again, as a customer",
      params,
      body: customerPreferenceSchema,
      examples: { "no more": { value: "stop" } },
      answers: { 200: { description: "The webhook that it made.", schema: actShape } },
      handle: ({ params: { customer }, body }) => ({ status: 200, body: customers.prefer(customer, body) }),
    }),
    route({
      method: "POST",
      path: "/customers/:customer/number",
      operation: "changeNumberAsCustomer",
      tag: "Customers",
      summary: "Change the phone number of a customer",
      params,
      body: numberChangeSchema,
      examples: { "a new number": { to: "+628987654321" } },
      answers: { 200: { description: "The webhook that it made.", schema: actShape } },
      handle: ({ params: { customer }, body }) => ({ status: 200, body: customers.changeNumber(customer, body) }),
    }),
  ];
}

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof CustomerProblem) throw new ControlProblem(409, "Not possible", cause.message);
    throw cause;
  }
}
