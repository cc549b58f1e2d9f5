import type { PropsWithChildren } from "hono/jsx";

import type { Html } from "../document/render.ts";

/** A form of a page. */
export interface FormProps {
  readonly action: string;
  readonly class?: string;
  readonly id?: string;
  /** Whether it has files in it. */
  readonly hasFiles?: boolean;
  /** Whether it is emptied once it was sent. */
  readonly resets?: boolean;
  readonly label?: string;
}

/** A form that is sent without leaving the page, where scripts run. What is wrong with it appears at its end. */
export function Form(props: PropsWithChildren<FormProps>): Html {
  const { action, class: className, id, hasFiles, resets, label, children } = props;
  return (
    <form
      method="post"
      action={action}
      id={id}
      class={className}
      aria-label={label}
      enctype={hasFiles ? "multipart/form-data" : undefined}
      data-live=""
      data-resets={resets ? "" : undefined}
    >
      {children}
      <p class="form-error" role="alert" data-error="" />
    </form>
  );
}

/** A field with its label, and a hint below it. The field itself is its child. */
export function Field({ label, hint, children }: PropsWithChildren<{ label: string; hint?: string }>): Html {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      {children}
      {hint !== undefined && <span class="field-hint">{hint}</span>}
    </label>
  );
}

/** A choice among texts; one is chosen already. */
export interface SelectProps {
  readonly name: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly value?: string;
  readonly label?: string;
}

/** A list to choose from. */
export function Select({ name, options, value, label }: SelectProps): Html {
  return (
    <select name={name} aria-label={label}>
      {options.map(([own, text]) => (
        <option value={own} selected={own === value}>
          {text}
        </option>
      ))}
    </select>
  );
}
