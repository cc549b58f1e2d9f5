import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import { unknownObject } from "../access/graph-access.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Objects } from "../objects/objects.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { isNoneOf, isNot, lacks, list, ok, success, text } from "../objects/parameters.ts";

interface Preverified {
  readonly id: string;
  readonly businessId: string;
  readonly displayNumber: string;
  isVerified: boolean;
  readonly createdAt: string;
  partners: readonly string[];
}

/** Numbers that a partner verifies for its clients (Graph API, "Pre-verified phone numbers"). */
export function preverifiedOperations(memory: Memory, objects: Objects, now: () => number): readonly Operation[] {
  const known = memory.map<Preverified>("preverifiedNumbers");
  const withOwn = (answer: (own: Preverified, ask: Ask) => Answer | GraphError) => (ask: Ask) => {
    const own = known.get(ask.id);
    return own ? answer(own, ask) : unknownObject(ask.id, ask.entry.method);
  };

  function add({ id: businessId, params }: Ask): Answer | GraphError {
    const refusal =
      lacks(params, "phone_number") ?? isNot(params, "phone_number", /^\+?[\d\s()-]{6,20}$/, "a phone number");
    if (refusal) return refusal;
    const id = objects.add("preverified", { kind: "anyone" });
    const displayNumber = `+${text(params, "phone_number").replace(/\D/g, "")}`;
    const createdAt = new Date(now()).toISOString();
    known.set(id, { id, businessId, displayNumber, isVerified: false, createdAt, partners: [] });
    return ok({ id });
  }

  function listAll(ask: Ask): Answer {
    const statuses = list(ask.params, "verification_status");
    const all = [...known.values()]
      .filter(({ businessId }) => businessId === ask.id)
      .map(({ id, displayNumber, isVerified, createdAt }) => ({
        id,
        display_phone_number: displayNumber,
        verification_status: isVerified ? "VERIFIED" : "PENDING",
        availability_status: isVerified ? "AVAILABLE" : "UNAVAILABLE",
        created_time: createdAt,
      }));
    return ok(
      pageOf(
        all.filter((one) => statuses.length === 0 || statuses.includes(one.verification_status)),
        ask,
        ({ id }) => id,
      ),
    );
  }

  function share({ id: businessId, params }: Ask): Answer | GraphError {
    const refusal = lacks(params, "preverified_id", "partner_business_id");
    if (refusal) return refusal;
    const id = text(params, "preverified_id");
    const own = known.get(id);
    if (own?.businessId !== businessId) return unknownObject(id, "post");
    own.partners = [...new Set([...own.partners, text(params, "partner_business_id")])];
    return success;
  }

  const read = withOwn(({ id, displayNumber, isVerified }) =>
    ok({
      id,
      display_phone_number: displayNumber,
      code_verification_status: isVerified ? "VERIFIED" : "NOT_VERIFIED",
      is_input_id_valid: true,
    }),
  );
  const remove = withOwn(({ id }) => {
    known.delete(id);
    objects.remove(id);
    return success;
  });
  const partners = withOwn((own, ask) =>
    ok(
      pageOf(
        own.partners.map((id) => ({ id, name: `Business ${id}` })),
        ask,
        ({ id }) => id,
      ),
    ),
  );
  const requestCode = withOwn(
    (_, { params }) =>
      lacks(params, "code_method", "language") ?? isNoneOf(params, "code_method", ["SMS", "VOICE"]) ?? success,
  );
  const verifyCode = withOwn((own, { params }) => {
    const refusal = lacks(params, "code") ?? isNot(params, "code", /^\d{6}$/, "6 digits");
    if (refusal) return refusal;
    own.isVerified = true;
    return ok({ success: true, id: own.id });
  });

  return [
    { method: "POST", on: "business", edge: "add_phone_numbers", answer: add },
    { method: "GET", on: "business", edge: "preverified_numbers", answer: listAll },
    { method: "POST", on: "business", edge: "share_preverified_numbers", answer: share },
    { method: "GET", on: "preverified", edge: "", answer: read },
    { method: "DELETE", on: "preverified", edge: "", answer: remove },
    { method: "GET", on: "preverified", edge: "partners", answer: partners },
    { method: "POST", on: "preverified", edge: "request_code", answer: requestCode },
    { method: "POST", on: "preverified", edge: "verify_code", answer: verifyCode },
  ];
}
