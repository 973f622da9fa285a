import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { classes } from './class';
import { FieldError } from './field';
import { Icon } from './icon';
import { announce } from './toast';
import './rank-list.css';

export interface RankOption {
  value: string;
  label: string;
  detail?: ComponentChildren;
}

export interface RankListProps {
  legend: ComponentChildren;
  legendHidden?: boolean;
  hint?: ComponentChildren;
  error?: string | null | undefined;
  id?: string | undefined;
  options: readonly RankOption[];
  /** Values from first to last; what is not in it is not ranked. */
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** How many may be ranked; all by default. */
  max?: number | undefined;
}

/** `list` with the item at `from` moved to `to`. */
export function move<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...list.slice(from, from + 1), ...rest.slice(to)];
}

/**
 * Ranks options: a button puts an option at the end of the ranking, others move it up, down and out; a ranked row can
 * also be dragged, and Alt with the up and down arrows moves the one that has the focus. Every move is said.
 */
export function RankList({ legend, legendHidden = false, hint, error, id, options, value, onChange, max }: RankListProps): JSX.Element {
  const t = useText(common);
  const made = useId();
  const own = id ?? made;
  const root = useRef<HTMLDivElement>(null);
  /** Which button gets the focus once the list is drawn anew. */
  const next = useRef<string | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const labelOf = (one: string): string => options.find((option) => option.value === one)?.label ?? one;
  const limit = Math.min(max ?? options.length, options.length);
  const left = options.filter((option) => !value.includes(option.value));
  const wrong = error !== null && error !== undefined && error !== '';

  useEffect(() => {
    if (next.current === null) return;
    const [action, which] = next.current.split(' ', 2);
    next.current = null;
    const buttons = [...(root.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const mine = buttons.filter((button) => button.dataset['value'] === which);
    (mine.find((button) => button.dataset['action'] === action && button.getAttribute('aria-disabled') === null) ?? mine.find((button) => button.getAttribute('aria-disabled') === null))?.focus();
  }, [value]);

  const change = (list: string[], one: string, action: 'up' | 'down' | 'add' | 'remove'): void => {
    next.current = `${action} ${one}`;
    onChange(list);
    const place = list.indexOf(one);
    announce(place < 0 ? t('rank.said.removed', { name: labelOf(one) }) : t('rank.said.placed', { name: labelOf(one), n: place + 1, of: list.length }));
  };
  const shift = (one: string, by: -1 | 1): void => {
    const from = value.indexOf(one);
    const to = from + by;
    if (to >= 0 && to < value.length) change(move(value, from, to), one, by < 0 ? 'up' : 'down');
  };
  const dropOn = (target: string): void => {
    if (dragged !== null && dragged !== target) {
      const from = value.indexOf(dragged);
      onChange(move(value, from, value.indexOf(target)));
    }
  };

  const action = (one: string, name: 'up' | 'down' | 'remove' | 'add', label: string, off: boolean, run: () => void): JSX.Element => (
    <button type="button" class="rank-button" data-action={name} data-value={one} aria-label={label} aria-disabled={off || undefined} onClick={() => !off && run()}>
      <Icon name={name === 'remove' ? 'cross' : name === 'add' ? 'plus' : name} />
    </button>
  );

  return (
    <fieldset class={classes('choices', wrong && 'field-wrong')} id={own} tabIndex={-1}>
      <legend class={classes('legend', legendHidden && 'visually-hidden')}>{legend}</legend>
      {hint !== undefined && <div class="field-hint">{hint}</div>}
      {wrong && <FieldError id={`${own}-error`}>{error}</FieldError>}
      <div class="rank" ref={root}>
        <p class="rank-title" id={`${own}-ranked`}>
          {t('rank.ranked')}
        </p>
        {value.length === 0 && <p class="rank-empty">{t('rank.none')}</p>}
        <ol class="rank-rows" aria-labelledby={`${own}-ranked`}>
          {value.map((one, index) => {
            const label = labelOf(one);
            return (
              // The buttons inside do all that these handlers do; those are for who drags, and for Alt with arrows.
              // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
              <li
                key={one}
                class={classes('rank-row', 'rank-row-ranked', dragged === one && 'rank-row-dragged')}
                draggable
                onDragStart={(event) => {
                  event.dataTransfer?.setData('text/plain', one);
                  setDragged(one);
                }}
                onDragEnd={() => setDragged(null)}
                onDragOver={(event) => {
                  if (dragged === null) return;
                  event.preventDefault();
                  dropOn(one);
                }}
                onDrop={(event) => event.preventDefault()}
                onKeyDown={(event) => {
                  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
                  event.preventDefault();
                  shift(one, event.key === 'ArrowUp' ? -1 : 1);
                }}
              >
                <span class="rank-drag" aria-hidden="true">
                  <Icon name="drag" />
                </span>
                <span class="rank-place">{t('rank.place', { n: index + 1 })}</span>
                <span class="rank-label">
                  {label}
                  {options.find((option) => option.value === one)?.detail !== undefined && <span class="choice-detail">{options.find((option) => option.value === one)?.detail}</span>}
                </span>
                <span class="rank-actions">
                  {action(one, 'up', t('rank.up', { name: label }), index === 0, () => shift(one, -1))}
                  {action(one, 'down', t('rank.down', { name: label }), index === value.length - 1, () => shift(one, 1))}
                  {action(one, 'remove', t('rank.remove', { name: label }), false, () => change(value.filter((other) => other !== one), one, 'add'))}
                </span>
              </li>
            );
          })}
        </ol>
        {left.length > 0 && (
          <>
            <p class="rank-title" id={`${own}-left`}>
              {value.length >= limit ? t('rank.full', { n: limit }) : t('rank.left')}
            </p>
            <ul class="rank-rows" aria-labelledby={`${own}-left`}>
              {left.map(({ value: one, label, detail }) => (
                <li key={one} class="rank-row">
                  <button type="button" class="rank-add" data-action="add" data-value={one} aria-disabled={value.length >= limit || undefined} onClick={() => value.length < limit && change([...value, one], one, 'up')}>
                    <Icon name="plus" />
                    <span class="rank-label">
                      {label}
                      {detail !== undefined && <span class="choice-detail">{detail}</span>}
                    </span>
                    <span class="rank-hint">{t('rank.add', { n: Math.min(value.length + 1, limit) })}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </fieldset>
  );
}
