/** Parts of a printed form: the sheet, its numbered parts, tables of facts, signatures. */
import type { ComponentChildren, JSX } from 'preact';
import { papers as texts } from '../../i18n/papers';
import { useFormat, useText } from '../../i18n';
import type { Moment } from './core/story';
import type { Fields } from './fields';

export const PAPERS = ['voting-record', 'count-sheet'] as const;
export type Paper = (typeof PAPERS)[number];
export const isPaper = (name: string | undefined): name is Paper => (PAPERS as readonly (string | undefined)[]).includes(name);

/** What stands in one line of a table of facts; nothing where it is null. */
export interface Fact {
  label: string;
  value: ComponentChildren;
}

export function Facts({ rows }: { rows: readonly (Fact | null)[] }): JSX.Element {
  return (
    <table class="paper-facts">
      <tbody>
        {rows.map(
          (row) =>
            row !== null && (
              <tr key={row.label}>
                <th scope="row">{row.label}</th>
                <td>{row.value}</td>
              </tr>
            ),
        )}
      </tbody>
    </table>
  );
}

/** A titled part; its number comes from the style sheet. */
export function Part({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="paper-part">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export interface Column {
  label: string;
  numeric?: boolean;
}

/** A table of figures; the first cell of a row names it, the foot has totals. */
export function Figures({ caption, columns, rows, foot }: { caption: string; columns: readonly Column[]; rows: readonly (readonly ComponentChildren[])[]; foot?: readonly ComponentChildren[] }): JSX.Element {
  const cells = (row: readonly ComponentChildren[]): JSX.Element[] =>
    row.map((cell, column) =>
      column === 0 ? (
        <th key={column} scope="row">
          {cell}
        </th>
      ) : (
        <td key={column} class={columns[column]?.numeric === true ? 'paper-number' : undefined}>
          {cell}
        </td>
      ),
    );
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- on a narrow screen it scrolls, by the keyboard too
    <div class="paper-scroll" tabIndex={0} role="group" aria-label={caption}>
      <table class="paper-figures">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, numeric }) => (
              <th key={label} scope="col" class={numeric === true ? 'paper-number' : undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{cells(row)}</tr>
          ))}
        </tbody>
        {foot && (
          <tfoot>
            <tr>{cells(foot)}</tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

/** A moment in words: the time that the entry states, or the server's with a mark, and where the entry is. */
export function useMoment(): (moment: Moment) => string {
  const t = useText(texts);
  const when = useWhen();
  return ({ stated, placed, entry }) => {
    if (stated !== null) return t('moment', { when: when(stated), entry });
    return placed === null ? t('moment.unknown', { entry }) : t('moment.placed', { when: when(placed), entry });
  };
}

/** Date and time to the second. */
export function useWhen(): (milliseconds: number) => string {
  const format = useFormat();
  return (milliseconds) => `${format.date(new Date(milliseconds))} ${format.clock(new Date(milliseconds))}`;
}

/** Who signs: those who were named, otherwise blank lines. */
export function Signatures({ paper, fields }: { paper: Paper; fields: Fields }): JSX.Element {
  const t = useText(texts);
  const lines = (text: string, blank: number): string[] => {
    const named = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
    return named.length > 0 ? named : Array<string>(blank).fill('');
  };
  const all = [
    ...lines(fields.chair, 1).map((name) => ({ role: t('sign.chair'), name })),
    ...lines(fields.members, 2).map((name) => ({ role: t('sign.member'), name })),
    ...lines(fields.observers, 2).map((name) => ({ role: t('sign.observer'), name })),
  ];
  return (
    <section class="paper-signatures">
      <p class="paper-statement">{t(`sign.${paper}`)}</p>
      <p class="paper-date">{t('sign.date')}</p>
      {fields.commission.trim() !== '' && <p class="paper-commission">{fields.commission}</p>}
      <ul>
        {all.map(({ role, name }, index) => (
          <li key={index}>
            <span class="paper-role">{role}</span>
            <span class="paper-name">{name}</span>
            <span class="paper-mark">{t('sign.mark')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
