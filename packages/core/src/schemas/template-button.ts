import { z } from "zod";

import { knownOrOther } from "./known-or-other.ts";
import { productSections } from "./products.ts";
import { filling, note } from "./words.ts";

function parameters<S extends z.core.$ZodLooseShape>(type: string, shape: S) {
  return z.looseObject({ parameters: z.array(z.looseObject({ type: z.literal(type), ...shape })).optional() });
}

const thumbnail = { thumbnail_product_retailer_id: note().optional() };

const flowAction = { flow_token: note().optional(), flow_action_data: z.looseObject({}).optional() };

/** Meta's sample of an issue resolution gives a quick reply a text instead, which is true or false. */
const quickReply = knownOrOther("type", { payload: z.looseObject({ payload: note() }) });

const kinds = {
  quick_reply: z.looseObject({ parameters: z.array(quickReply).optional() }),
  url: parameters("text", { text: filling(2000) }),
  copy_code: parameters("coupon_code", { coupon_code: filling(20) }),
  flow: parameters("action", { action: z.looseObject(flowAction) }),
  catalog: parameters("action", { action: z.looseObject(thumbnail) }),
  mpm: parameters("action", { action: z.looseObject({ ...thumbnail, sections: productSections }) }),
};

const error = "is not 0 to 9";
const index = z.union([z.int().min(0).max(9), z.string().regex(/^[0-9]$/, { error })], { error });

/** A component that fills a button. */
export const templateButton = knownOrOther("sub_type", kinds, { index });
