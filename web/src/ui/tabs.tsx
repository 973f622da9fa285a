import type { ComponentChildren, JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';
import './tabs.css';

export interface Tab {
  key: string;
  label: string;
  content: ComponentChildren;
}

/** Parts of one page, one shown at a time; arrow keys, Home and End move between the tabs. */
export function Tabs({ tabs, current, onChange, label }: { tabs: readonly Tab[]; current: string; onChange: (key: string) => void; label: string }): JSX.Element {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const shown = tabs.find((tab) => tab.key === current) ?? tabs[0];
  const go = (index: number): void => {
    const to = tabs[(index + tabs.length) % tabs.length];
    if (!to) return;
    onChange(to.key);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${id}-${to.key}`)}`)?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list}>
        {tabs.map((tab, index) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={tab === shown}
            aria-controls={tab === shown ? `${id}-panel` : undefined}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => onChange(tab.key)}
            onKeyDown={(event) => {
              const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
              if (to === undefined) return;
              event.preventDefault();
              go(to);
            }}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={shown && `${id}-${shown.key}`}>
        {shown?.content}
      </div>
    </div>
  );
}
