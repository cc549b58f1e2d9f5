import type { Html } from "../document/render.ts";

/** Text of a machine, as it is, with a button that copies it. `id` is its element's. */
export function Code({ id, text, label }: { id: string; text: string; label: string }): Html {
  return (
    <div class="code">
      <pre id={id} tabindex={0} aria-label={label}>
        {text}
      </pre>
      <button type="button" class="small" data-copies={id} aria-label={`Copy: ${label}`}>
        Copy
      </button>
    </div>
  );
}
