import type { PropsWithChildren } from "hono/jsx";

import type { Html } from "../document/render.ts";

/** A dialog above the page. `OpenButton` opens it; Escape, its cross and a click beside it close it. */
export function Dialog({ id, title, children }: PropsWithChildren<{ id: string; title: string }>): Html {
  return (
    <dialog id={id} aria-labelledby={`${id}-title`}>
      <div class="dialog-box">
        <header>
          <h2 id={`${id}-title`}>{title}</h2>
          <button type="button" class="plain" data-closes="" aria-label="Close">
            ✕
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** What `OpenButton` needs to know. */
export interface OpenButtonProps {
  /** The id of the dialog. */
  readonly opens: string;
  /** Values for the fields of the dialog's form, and for its elements with `data-shows`, by name. */
  readonly fill?: Readonly<Record<string, string>>;
  readonly class?: string;
  /** Says what it does where its text does not. */
  readonly label?: string;
}

/** A button that opens a dialog. */
export function OpenButton(props: PropsWithChildren<OpenButtonProps>): Html {
  const { opens, fill, class: className, label, children } = props;
  return (
    <button
      type="button"
      class={className}
      aria-haspopup="dialog"
      aria-label={label}
      data-opens={opens}
      data-fill={fill && JSON.stringify(fill)}
    >
      {children}
    </button>
  );
}
