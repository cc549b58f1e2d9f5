import type { PropsWithChildren } from "hono/jsx";

/** What sends a form, and the way back to where it was asked for. `isDangerous`: what it does cannot be undone. */
export function FormButtons({
  back,
  isDangerous,
  children,
}: PropsWithChildren<{ back: string; isDangerous?: boolean }>) {
  return (
    <div class="toolbar">
      <button type="submit" class={isDangerous ? "primary danger-fill" : "primary"}>
        {children}
      </button>
      <a class="button" href={back}>
        Back
      </a>
    </div>
  );
}
