import type { Html } from "../document/render.ts";

/** How much of something is used. */
export interface MeterProps {
  readonly label: string;
  /** Whether the label is for screen readers alone. Default: false. */
  readonly isLabelHidden?: boolean;
  readonly value: number;
  readonly max: number;
  /** What is shown beside it. Default: value and maximum. */
  readonly text?: string;
}

/** A bar that fills; from nine tenths on, it warns. */
export function Meter({ label, isLabelHidden, value, max, text = `${value} of ${max}` }: MeterProps): Html {
  return (
    <div class="meter">
      {!isLabelHidden && <span class="meter-label">{label}</span>}
      <meter
        aria-label={label}
        min={0}
        max={Math.max(max, 1)}
        high={max * 0.9}
        optimum={0}
        value={Math.min(value, max)}
      />
      <span class="meter-text">{text}</span>
    </div>
  );
}
