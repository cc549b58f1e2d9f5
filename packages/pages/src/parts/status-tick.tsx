import type { Html } from "../document/render.ts";

const words: Readonly<Record<string, string>> = {
  accepted: "Accepted",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  played: "Played",
  failed: "Failed",
};

/** What became of a message, as WhatsApp draws it: a clock, one tick, two, two in blue, or what failed. */
export function StatusTick({ status }: { status: string }): Html {
  return (
    <span class={`tick ${status}`} data-status={status}>
      <svg viewBox="0 0 20 14" aria-hidden="true">
        <path d={paths[status] ?? paths["accepted"]} />
      </svg>
      <span class="hidden">{words[status] ?? status}</span>
    </span>
  );
}

const twice = "m1.5 7.5 3.8 3.8L13 3m-4.3 7.5.9.8L18 3";
const paths: Readonly<Record<string, string>> = {
  accepted: "M10 2a5 5 0 1 0 .01 0M10 4.2V7l2 1.4",
  sent: "m4 7.5 3.8 3.8L15.5 3",
  delivered: twice,
  read: twice,
  played: twice,
  failed: "M10 1.5a5.5 5.5 0 1 0 .01 0M10 4v3.6M10 9.8v.4",
};
