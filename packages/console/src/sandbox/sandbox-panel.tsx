import { Panel } from "@message-sender/pages";

import { TokenField } from "../frame/token-field.tsx";
import { trials } from "./trials.ts";

/** Buttons that send messages in a sandbox, with and without faults. */
export function SandboxPanel({ formToken, emulatorUrl }: { formToken: string; emulatorUrl: string }) {
  return (
    <Panel
      title="Sandbox"
      note="Nothing leaves this machine: WhatsApp is emulated. Send something, and watch what becomes of it."
      tools={<a href={emulatorUrl}>WhatsApp emulator</a>}
    >
      <form method="post" action="/console/sandbox" class="trials">
        <TokenField token={formToken} />
        {trials.map(({ name, label, says }) => (
          <div class="trial">
            <button
              type="submit"
              name="trial"
              value={name}
              class={name === "one" ? "primary" : ""}
              aria-describedby={`trial-${name}`}
            >
              {label}
            </button>
            <span class="why" id={`trial-${name}`}>
              {says}
            </span>
          </div>
        ))}
      </form>
    </Panel>
  );
}
