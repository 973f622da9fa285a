/** Texts that carry a log's checkpoint: a signed note by itself, or a receipt that ends with one. Only read here; signatures are verified by the module. */

export interface NoteFace {
  origin: string;
  size: number;
  /** In base64. */
  root: string;
}

const RECEIPT = 'c2sp.org/tlog-proof@v1';
const ROOT = /^[A-Za-z0-9+/]{43}=$/;

/** What a checkpoint says in its first three lines; null if it is none. */
export function readNote(text: string): NoteFace | null {
  const [origin = '', size = '', root = ''] = text.split('\n');
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || !ROOT.test(root)) return null;
  return { origin, size: Number(size), root };
}

/** The checkpoint in a pasted or dropped text: the text itself, or what stands behind the empty line of a receipt. */
export function checkpointIn(text: string): string | null {
  const whole = `${text.replaceAll('\r\n', '\n').trim()}\n`;
  const at = whole.startsWith(`${RECEIPT}\n`) ? whole.indexOf('\n\n') + 2 : 0;
  const note = whole.slice(at);
  return at === 1 || readNote(note) === null ? null : note;
}

/** A root as hexadecimal digits. */
export function rootHex(base64: string): string {
  return Array.from(atob(base64), (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

/** Whether a text can be a root: 44 characters of base64 or 64 hexadecimal digits. */
export const isRoot = (text: string): boolean => ROOT.test(text) || /^[0-9a-fA-F]{64}$/.test(text);

/** A root in base64, whichever way it was written. */
export function rootBase64(text: string): string {
  if (!/^[0-9a-fA-F]{64}$/.test(text)) return text;
  return btoa((text.match(/../g) ?? []).map((pair) => String.fromCharCode(parseInt(pair, 16))).join(''));
}
