import type { SandboxFault } from "../service/service-view.ts";

/** Something to try in a sandbox. */
export interface Trial {
  readonly name: string;
  readonly label: string;
  /** What happens, and where to look. */
  readonly says: string;
  readonly text: string;
  /** How many messages. More than one go through the queue. */
  readonly count: number;
  readonly fault?: SandboxFault;
}

/** From what works to what fails in each way. */
export const trials: readonly Trial[] = [
  {
    name: "one",
    label: "Send a message",
    says: "It is sent, delivered and read within a few seconds.",
    text: "Hello! Your order is ready.",
    count: 1,
  },
  {
    name: "many",
    label: "Queue 50 messages",
    says: "They go out as fast as the limits of the number allow.",
    text: "Our new menu is here.",
    count: 50,
  },
  {
    name: "retries",
    label: "Fail three times",
    says: "WhatsApp fails three attempts. The fourth works: the journey shows each wait.",
    text: "Your table is booked for 19:00.",
    count: 1,
    fault: { trigger: { next: 3 }, effect: { status: 503 } },
  },
  {
    name: "throttled",
    label: "Throttle the number",
    says: "WhatsApp says that the number sends too much (130429). It slows down, and recovers by itself.",
    text: "Happy hour begins now.",
    count: 30,
    fault: { trigger: { next: 6 }, effect: { graphError: 130_429 } },
  },
  {
    name: "lost",
    label: "Lose the answer",
    says: "WhatsApp takes the message and its answer is lost. Its webhook tells that it was sent.",
    text: "Your parcel is on its way.",
    count: 1,
    fault: { trigger: { next: 1 }, effect: { acceptThenLose: "reset" } },
  },
  {
    name: "refused",
    label: "Refuse the recipient",
    says: "WhatsApp cannot deliver to the recipient (131026). The journey says what to do.",
    text: "Thank you for your visit.",
    count: 1,
    fault: { trigger: { next: 1 }, effect: { graphError: 131_026 } },
  },
];
