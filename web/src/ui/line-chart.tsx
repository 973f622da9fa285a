import type { ComponentChildren, JSX } from 'preact';
import { common } from '../i18n/common';
import { useFormat, useText } from '../i18n';
import { Table } from './table';
import './line-chart.css';

export interface Point {
  /** An instant, RFC 3339. */
  at: string;
  value: number;
}

export interface LineChartProps {
  title: ComponentChildren;
  /** In words, what the line shows: what screen readers hear of the drawing. */
  summary: string;
  points: readonly Point[];
  /** What the table lists, where the line has more points than one reads. */
  rows?: readonly Point[];
  /** Top of the scale; chosen from the points by default. */
  max?: number;
  shown?: (value: number) => string;
  /** A line across, such as the quorum. */
  mark?: { value: number; label: string };
  valueLabel: string;
}

const WIDTH = 640;
const HEIGHT = 260;
/** Milliseconds up to which a line's times carry seconds, and from which on they carry the day. */
const SHORT = 10 * 60_000;
const LONG = 20 * 3_600_000;
const PAD = { left: 56, right: 16, top: 16, bottom: 32 };

/** A number from the series 1, 2, 5, 10, 20 ... that is at least `value`. */
export function niceAbove(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** A value over time as a line, with the numbers in a table below. Times of a line longer than a day carry their day. */
export function LineChart({ title, summary, points, rows = points, max, shown, mark, valueLabel }: LineChartProps): JSX.Element {
  const t = useText(common);
  const format = useFormat();
  const say = shown ?? format.number;
  const times = points.map((point) => Date.parse(point.at));
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? first;
  const step = niceAbove((max ?? Math.max(mark?.value ?? 0, ...points.map((point) => point.value))) / 4);
  const top = max ?? Math.max(step, Math.ceil(Math.max(mark?.value ?? 0, ...points.map((point) => point.value)) / step) * step);
  const x = (time: number): number => PAD.left + ((time - first) / Math.max(1, last - first)) * (WIDTH - PAD.left - PAD.right);
  const y = (value: number): number => HEIGHT - PAD.bottom - (value / top) * (HEIGHT - PAD.top - PAD.bottom);
  const place = (time: number, value: number): string => `${x(time).toFixed(1)},${y(value).toFixed(1)}`;
  const line = points.map((point, index) => place(times[index] ?? first, point.value)).join(' ');
  const ticks = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, index) => index * step);
  // Minutes of a short line would all be alike.
  const when = last - first < SHORT ? format.clock : last - first > LONG ? format.dayTime : format.time;
  const hours = Array.from({ length: 5 }, (_, index) => first + ((last - first) * index) / 4);
  return (
    <figure class="lines">
      <figcaption>
        <span class="bars-title">{title}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="lines-grid" x1={PAD.left} x2={WIDTH - PAD.right} y1={y(tick)} y2={y(tick)} />
            <text x={PAD.left - 8} y={y(tick) + 4} text-anchor="end">
              {say(tick)}
            </text>
          </g>
        ))}
        {hours.map((hour, index) => (
          <text key={hour} x={x(hour)} y={HEIGHT - 10} text-anchor={index === 0 ? 'start' : index === 4 ? 'end' : 'middle'}>
            {when(new Date(hour))}
          </text>
        ))}
        {mark && (
          <g>
            <line class="bars-mark" x1={PAD.left} x2={WIDTH - PAD.right} y1={y(mark.value)} y2={y(mark.value)} />
            <text class="lines-mark-label" x={PAD.left + 8} y={y(mark.value) - 6}>
              {mark.label}
            </text>
          </g>
        )}
        {points.length > 1 && <polygon class="lines-area" points={`${place(first, 0)} ${line} ${place(last, 0)}`} />}
        <polyline class="lines-line" points={line} />
        {points.length > 0 && <circle class="lines-now" cx={x(last)} cy={y(points.at(-1)?.value ?? 0)} r="5" />}
      </svg>
      <details class="lines-table">
        <summary>{t('chart.table')}</summary>
        <Table
          caption={title}
          captionHidden
          rows={rows}
          rowKey={(point) => point.at}
          columns={[
            { key: 'at', header: t('chart.time'), cell: (point) => when(point.at), rowHeader: true },
            { key: 'value', header: valueLabel, cell: (point) => say(point.value), numeric: true },
          ]}
        />
      </details>
    </figure>
  );
}
