import { z } from "zod";

import { knownOrOther } from "../open-union.ts";
import { productSections } from "../interactive/products.ts";
import { wholeNumber } from "../whole-number.ts";
import { filling, note } from "../plain-text.ts";

/** What the button takes. What Meta lets it take besides, now or later, passes as it is. */
function parameters<S extends z.core.$ZodLooseShape>(type: string, shape: S) {
  return z.looseObject({ parameters: z.array(knownOrOther("type", { [type]: z.looseObject(shape) })).optional() });
}

const thumbnail = { thumbnail_product_retailer_id: note().optional() };

const flowAction = { flow_token: note().optional(), flow_action_data: z.looseObject({}).optional() };

const kinds = {
  // Meta's sample of an issue resolution gives it a text instead, which is true or false.
  quick_reply: parameters("payload", { payload: note() }),
  url: parameters("text", { text: filling() }),
  copy_code: parameters("coupon_code", { coupon_code: filling(20) }),
  flow: parameters("action", { action: z.looseObject(flowAction) }),
  catalog: parameters("action", { action: z.looseObject(thumbnail) }),
  mpm: parameters("action", { action: z.looseObject({ ...thumbnail, sections: productSections.optional() }) }),
};

/** A component that fills a button. */
export const templateButton = knownOrOther("sub_type", kinds, { index: wholeNumber(0, 9) });
