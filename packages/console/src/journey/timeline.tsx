import type { Html } from "@message-sender/pages";

import { duration } from "../words/duration.ts";
import { createScale, type Scale } from "./scale.ts";
import type { Lane, Step } from "./step.ts";

const lanes: readonly (readonly [Lane, string])[] = [
  ["waits", "Waits"],
  ["attempts", "Attempts"],
  ["webhooks", "WhatsApp"],
  ["decisions", "Decisions"],
  ["deliveries", "Deliveries"],
];

const gutter = 88;
const lineWidth = 880;
const rightMargin = 32;
const laneHeight = 30;
const axisHeight = 26;
const barHeight = 14;
/** What lasted only milliseconds can still be seen. */
const leastBar = 4;

/** The journey of a message, drawn to scale. The list beside it says the same in words. */
export function Timeline({ steps, label }: { steps: readonly Step[]; label: string }): Html {
  const used = lanes.filter(([lane]) => steps.some((step) => step.lane === lane));
  const scale = createScale(
    steps.map(({ at, until = at }) => ({ from: at.getTime(), to: until.getTime() })),
    lineWidth,
  );
  const height = used.length * laneHeight + axisHeight;
  const width = gutter + lineWidth + rightMargin;
  return (
    <div class="timeline-frame" role="region" aria-label="Time line" tabindex={0}>
      <svg class="timeline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
        <g transform={`translate(${gutter} 0)`}>
          {scale.ticks.map(({ x, label: text }) => (
            <g class="tick-line">
              <line x1={x} x2={x} y1={0} y2={height - axisHeight + 4} />
              <text x={x} y={height - 8} text-anchor={x === 0 ? "start" : "middle"}>
                {text}
              </text>
            </g>
          ))}
          {scale.cuts.map(({ x, width: own, ms }) => (
            <g class="cut">
              <rect x={x} y={0} width={own} height={height - axisHeight} />
              <text x={x + own / 2} y={height - 8} text-anchor="middle">
                {`⋯ ${duration(ms)} ⋯`}
              </text>
            </g>
          ))}
          {used.map(([lane], row) => (
            <LaneShapes
              steps={steps.filter((step) => step.lane === lane)}
              scale={scale}
              middle={(row + 0.5) * laneHeight}
            />
          ))}
        </g>
        {used.map(([, name], row) => (
          <text class="lane-name" x={0} y={(row + 0.5) * laneHeight + 4}>
            {name}
          </text>
        ))}
      </svg>
    </div>
  );
}

function LaneShapes({ steps, scale, middle }: { steps: readonly Step[]; scale: Scale; middle: number }): Html {
  return (
    <>
      {steps.map(({ at, until, tone, title, lane, isOpen }) => {
        const x = scale.at(at.getTime());
        const shape = `step ${tone} ${lane}${isOpen ? " open" : ""}`;
        if (!until) {
          return (
            <circle class={shape} cx={x} cy={middle} r={5.5}>
              <title>{title}</title>
            </circle>
          );
        }
        const own = Math.max(leastBar, scale.at(until.getTime()) - x);
        return (
          <rect class={shape} x={x} y={middle - barHeight / 2} width={own} height={barHeight} rx={3}>
            <title>{title}</title>
          </rect>
        );
      })}
    </>
  );
}
