import type { Html } from "../document/render.ts";

/** How much of something is used. */
export interface MeterProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** What is shown beside it. Default: value and maximum. */
  readonly text?: string;
}

/** A bar that fills; from nine tenths on, it warns. */
export function Meter({ label, value, max, text = `${value} of ${max}` }: MeterProps): Html {
  return (
    <div class="meter">
      <span class="meter-label">{label}</span>
      <meter aria-label={label} min={0} max={max} high={max * 0.9} optimum={0} value={Math.min(value, max)} />
      <span class="meter-text">{text}</span>
    </div>
  );
}
