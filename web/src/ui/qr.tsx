import type { JSX } from 'preact';
import { encode } from 'uqr';
import './qr.css';

/** Data as a QR code, dark on light in every theme; beside it there is always the same in words or characters. */
export function Qr({ data, label, size = 'normal', ecc = 'M' }: { data: string; label: string; size?: 'normal' | 'large'; ecc?: 'L' | 'M' | 'Q' | 'H' }): JSX.Element {
  const { data: cells, size: side } = encode(data, { ecc, border: 4 });
  // One path of runs of dark cells: far fewer elements than a square each.
  const path = cells
    .flatMap((row, y) => [...row.map((dark) => (dark ? '1' : '0')).join('').matchAll(/1+/g)].map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`))
    .join('');
  return (
    <svg class={size === 'large' ? 'qr qr-large' : 'qr'} viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={side} height={side} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
