import type { ComponentChildren, JSX } from 'preact';
import { useFormat } from '../i18n';
import { classes } from './class';
import './bar-chart.css';

export interface Bar {
  key: string;
  label: string;
  /** In the unit of `max`. */
  value: number;
  /** What stands at the bar; the value itself by default. */
  shown?: string;
  detail?: string;
  /** Stands out, such as the option that was adopted. */
  strong?: boolean;
}

export interface BarChartProps {
  title: ComponentChildren;
  /** Below the title, such as when the numbers were taken. */
  note?: ComponentChildren;
  bars: readonly Bar[];
  /** The value of a full bar; the largest value by default. */
  max?: number;
  /** A line across all bars, such as the quorum, in the unit of `max`. */
  mark?: { value: number; label: string };
}

/**
 * Horizontal bars, a list for screen readers: each row says its label and value in words, the drawing adds nothing.
 * Widths are attributes of SVG shapes, since the policy forbids style attributes.
 */
export function BarChart({ title, note, bars, max, mark }: BarChartProps): JSX.Element {
  const format = useFormat();
  const full = max ?? Math.max(1, ...bars.map((bar) => bar.value));
  const share = (value: number): string => `${Math.max(0, Math.min(100, (value / full) * 100)).toFixed(2)}%`;
  return (
    <figure class="bars">
      <figcaption>
        <span class="bars-title">{title}</span>
        {note !== undefined && <span class="soft small">{note}</span>}
        {mark && (
          <span class="bars-key small">
            <svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">
              <line x1="6" x2="6" y1="0" y2="12" class="bars-mark" />
            </svg>
            {mark.label}
          </span>
        )}
      </figcaption>
      <ul>
        {bars.map((bar) => (
          <li key={bar.key} class={classes(bar.strong === true && 'bar-strong')}>
            <span class="bar-label">
              {bar.label}
              {bar.detail !== undefined && <span class="bar-detail">{bar.detail}</span>}
            </span>
            <svg class="bar" aria-hidden="true" focusable="false" width="100%" height="100%">
              <rect class="bar-track" width="100%" height="100%" rx="4" />
              <rect class="bar-value" width={share(bar.value)} height="100%" rx="4" />
              {mark && <line class="bars-mark-ground" x1={share(mark.value)} x2={share(mark.value)} y1="0" y2="100%" />}
              {mark && <line class="bars-mark" x1={share(mark.value)} x2={share(mark.value)} y1="0" y2="100%" />}
            </svg>
            <span class="bar-shown numeric">{bar.shown ?? format.number(bar.value)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
