import type { ComponentChildren, JSX } from 'preact';
import { Icon } from './icon';
import './notice.css';

export type NoticeKind = 'info' | 'success' | 'warning' | 'danger' | 'test';

/**
 * A message that stands out, told apart by icon, edge and words, never by colour alone.
 * `live` makes screen readers say it when it appears: `alert` at once, `status` when they are free.
 */
export function Notice({ kind = 'info', title, children, live, id }: { kind?: NoticeKind; title?: string | undefined; children?: ComponentChildren; live?: 'alert' | 'status' | undefined; id?: string }): JSX.Element {
  return (
    <div class={`notice notice-${kind}`} role={live} id={id}>
      <Icon name={kind} />
      <div class="notice-body">
        {title !== undefined && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
