import { Panel } from "@message-sender/pages";

import { TokenField } from "../frame/token-field.tsx";
import { plays } from "./plays.ts";

/** Buttons that send messages in a sandbox, with and without faults. */
export function PlayPanel({ formToken, emulatorUrl }: { formToken: string; emulatorUrl: string }) {
  return (
    <Panel
      title="Sandbox"
      note="Nothing leaves this machine: WhatsApp is emulated. Send something, and watch what becomes of it."
      tools={<a href={emulatorUrl}>WhatsApp emulator</a>}
    >
      <form method="post" action="/console/play" class="plays">
        <TokenField token={formToken} />
        {plays.map(({ name, label, says }) => (
          <div class="play">
            <button
              type="submit"
              name="play"
              value={name}
              class={name === "one" ? "primary" : ""}
              aria-describedby={`play-${name}`}
            >
              {label}
            </button>
            <span class="why" id={`play-${name}`}>
              {says}
            </span>
          </div>
        ))}
      </form>
    </Panel>
  );
}
