import type { OutletCredentials } from "../tenant-service/outlet-credentials.ts";

interface SampleOutlet {
  readonly tenantId: string;
  readonly outletId: string;
  /** Meta's name for the business behind the number. */
  readonly name: string;
  readonly displayNumber: string;
  readonly about: string;
  readonly credentials: OutletCredentials & { readonly waba_id: string };
}

/** The accounts of the two businesses. The first has the ids in Meta's examples. */
export const accounts = { kopi: "102290129340398", batik: "102290129340455" };

/** The numbers of the outlets. The first is the one in Meta's examples. */
export const numbers = { jakarta: "106540352242922", bandung: "106540352242946", batik: "108870052242955" };

const kopi = "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b01";
const batik = "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b11";

/** Two businesses, one of them with two outlets. Message Sender's commands send for the first outlet. */
export const sampleOutlets: readonly SampleOutlet[] = [
  {
    tenantId: kopi,
    outletId: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b02",
    name: "Kopi Senja Jakarta",
    displayNumber: "+1 555-010-0101",
    about: "Coffee at dusk. Open from 8 to 22.",
    credentials: { waba_access_token: "EAAsampleKopi", phone_number_id: numbers.jakarta, waba_id: accounts.kopi },
  },
  {
    tenantId: kopi,
    outletId: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b04",
    name: "Kopi Senja Bandung",
    displayNumber: "+1 555-010-0102",
    about: "The roastery. We post beans on Tuesdays.",
    credentials: { waba_access_token: "EAAsampleKopi", phone_number_id: numbers.bandung, waba_id: accounts.kopi },
  },
  {
    tenantId: batik,
    outletId: "5f1c6f0a-3d52-4b8e-9f43-0c7a4d1e2b12",
    name: "Batik Larasati",
    displayNumber: "+1 555-010-0103",
    about: "Handmade batik since 1987.",
    credentials: { waba_access_token: "EAAsampleBatik", phone_number_id: numbers.batik, waba_id: accounts.batik },
  },
];
