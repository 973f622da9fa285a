import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { useFormat } from '../i18n';
import './progress.css';

/** How far something is. Without `value` it is under way and nobody knows how far. */
export function Progress({ label, value, max = 1, detail }: { label: string; value?: number | undefined; max?: number; detail?: ComponentChildren }): JSX.Element {
  const format = useFormat();
  const id = useId();
  return (
    <div class="progress">
      <div class="progress-head">
        <label htmlFor={id}>{label}</label>
        {value !== undefined && <span class="numeric">{format.percent(value, max, 0)}</span>}
      </div>
      <progress id={id} {...(value === undefined ? {} : { value, max })} />
      {detail !== undefined && <p class="soft small numeric">{detail}</p>}
    </div>
  );
}

/** Where content will be, while it loads; `label` is what screen readers hear. */
export function Skeleton({ label, lines = 3 }: { label: string; lines?: number }): JSX.Element {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="skeleton-line" aria-hidden="true" />
      ))}
    </div>
  );
}
