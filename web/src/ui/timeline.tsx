import type { ComponentChildren, JSX } from 'preact';
import { useFormat } from '../i18n';
import { Icon, type IconName } from './icon';
import './timeline.css';

export interface TimelineEvent {
  key: string | number;
  /** An instant, RFC 3339. */
  at: string;
  title: ComponentChildren;
  detail?: ComponentChildren;
  icon?: IconName;
  kind?: 'info' | 'success' | 'warning' | 'danger';
}

/** What happened, in order. */
export function Timeline({ events, label }: { events: readonly TimelineEvent[]; label: string }): JSX.Element {
  const format = useFormat();
  return (
    <ol class="timeline" aria-label={label}>
      {events.map(({ key, at, title, detail, icon, kind = 'info' }) => (
        <li key={key} class={`timeline-${kind}`}>
          <span class="timeline-dot">
            <Icon name={icon ?? (kind === 'info' ? 'clock' : kind)} />
          </span>
          <div>
            <p class="timeline-title">{title}</p>
            <p class="soft small">
              <time dateTime={at}>{format.dateTime(at)}</time>
            </p>
            {detail !== undefined && <div class="timeline-detail">{detail}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** A short word on a state: told apart by words, coloured besides. */
export function Badge({ children, kind = 'info' }: { children: ComponentChildren; kind?: 'info' | 'success' | 'warning' | 'danger' | 'test' | 'plain' }): JSX.Element {
  return <span class={`badge badge-${kind}`}>{children}</span>;
}

/** Where a list is empty: what would be here, and what to do. */
export function EmptyState({ title, children, action }: { title: string; children?: ComponentChildren; action?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <div class="soft">{children}</div>}
      {action}
    </div>
  );
}
