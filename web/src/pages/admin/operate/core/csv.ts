/** Files of comma-separated values that spreadsheets open as what they are. */

/** A spreadsheet would compute a field that begins so. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

const field = (value: string | number): string => {
  // An apostrophe makes spreadsheets take the rest as text; numbers are numbers.
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows with their header, in UTF-8 with the mark by which spreadsheets know it. */
export const csv = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): string => `\ufeff${[header, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;

/** Has the browser save a file; what came as bytes is saved byte for byte. */
export function saveFile(name: string, content: string | Blob, type = 'text/csv;charset=utf-8'): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then in every browser; freeing it at once cuts it off in some.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
