import { z } from "zod";

import { once } from "../once.ts";
import { type Body, bodySchema, interactiveContent, type InteractiveContent } from "./frame.ts";

/** One button with which the customer shares their location. */
export interface LocationRequest {
  readonly type: "location_request_message";
  readonly body: Body;
  readonly action: { readonly name: "send_location" };
}

/** @internal */
export const locationRequestSchema = once(() =>
  z.looseObject({
    body: bodySchema(1024),
    action: z.looseObject({ name: z.literal("send_location") }),
  }),
);

/** One button with which the customer shares their location. */
export function locationRequest(body: string): InteractiveContent<LocationRequest> {
  return interactiveContent({
    type: "location_request_message",
    body: { text: body },
    action: { name: "send_location" },
  });
}
