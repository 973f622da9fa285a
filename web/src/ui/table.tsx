import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { classes } from './class';
import './table.css';

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ComponentChildren;
  /** What rows are sorted by; columns without it cannot be sorted. */
  sortBy?: (row: Row) => string | number;
  numeric?: boolean;
  /** Names the row; one column of a table. */
  rowHeader?: boolean;
}

export interface TableProps<Row> {
  caption: ComponentChildren;
  captionHidden?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  /** Shown instead of rows when there are none. */
  empty?: ComponentChildren;
  /** A last row, such as totals, in the order of the columns. */
  foot?: readonly ComponentChildren[];
}

interface Order {
  key: string;
  down: boolean;
}

/** A table with a caption; headers sort where their column can be; on narrow screens each row becomes a card. */
export function Table<Row>({ caption, captionHidden = false, columns, rows, rowKey, empty, foot }: TableProps<Row>): JSX.Element {
  const t = useText(common);
  const [order, setOrder] = useState<Order | null>(null);
  const by = columns.find((column) => column.key === order?.key)?.sortBy;
  const sorted = by && order ? [...rows].sort((a, b) => compare(by(a), by(b)) * (order.down ? -1 : 1)) : rows;
  return (
    <div class="table-box">
      <table class="table">
        <caption class={captionHidden ? 'visually-hidden' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, header, sortBy, numeric }) => {
              const state = order?.key === key ? (order.down ? 'descending' : 'ascending') : undefined;
              return (
                <th key={key} scope="col" class={numeric === true ? 'cell-number' : undefined} aria-sort={sortBy ? (state ?? 'none') : undefined}>
                  {sortBy ? (
                    <button type="button" class="sort" onClick={() => setOrder({ key, down: state === 'ascending' })}>
                      {header}
                      <span class={classes('sort-mark', state && `sort-${state}`)} aria-hidden="true" />
                      <span class="visually-hidden">{state === 'ascending' ? t('table.sort.down') : t('table.sort.up')}</span>
                    </button>
                  ) : (
                    header
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.length === 0 && (
            <tr>
              <td class="table-empty" colSpan={columns.length}>
                {empty ?? t('table.empty')}
              </td>
            </tr>
          )}
          {sorted.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ key, header, cell, numeric, rowHeader }) =>
                rowHeader === true ? (
                  <th key={key} scope="row" data-label={header}>
                    {cell(row)}
                  </th>
                ) : (
                  <td key={key} data-label={header} class={numeric === true ? 'cell-number' : undefined}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {foot && (
          <tfoot>
            <tr>
              {columns.map(({ key, header, numeric, rowHeader }, index) =>
                rowHeader === true ? (
                  <th key={key} scope="row" data-label={header}>
                    {foot[index]}
                  </th>
                ) : (
                  <td key={key} data-label={header} class={numeric === true ? 'cell-number' : undefined}>
                    {foot[index]}
                  </td>
                ),
              )}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'ko', { numeric: true });
}
