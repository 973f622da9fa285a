/** Addresses of the check page: `#k=<confirmation code>&m=<manifest hash>`, with `&o=<opening>` for a challenge. */

/** File of a challenged ballot too large for a QR code: the address, as text. */
export const FILE_SUFFIX = '.hanpyo-opening.txt';

export interface CheckLink {
  /** Manifest hash in hexadecimal digits. */
  manifest: string | null;
  /** Confirmation code without separators. */
  code: string | null;
  opening: Uint8Array | null;
}

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

function fromBase64Url(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

/** Where a ballot is found by its code. `home` is the whole address of the election's page. */
export const codeAddress = (home: string, manifest: string, code: string): string => `${home}check#k=${code}&m=${manifest}`;

/** Where an opened ballot is checked. */
export const openingAddress = (home: string, manifest: string, code: string, opening: Uint8Array): string => `${home}check#k=${code}&m=${manifest}&o=${toBase64Url(opening)}`;

/** Reads a fragment; what is missing or malformed is null. `'broken'`: there is an opening that cannot be read. */
export function readCheckLink(fragment: string): CheckLink | 'broken' {
  const parts = new URLSearchParams(fragment.replace(/^#/, ''));
  const manifest = parts.get('m')?.toLowerCase() ?? null;
  const code = parts.get('k')?.replace(/[^0-9A-Za-z]/g, '') ?? null;
  const text = parts.get('o');
  const opening = text === null ? null : fromBase64Url(text);
  if (text !== null && opening === null) return 'broken';
  return { manifest: manifest !== null && /^[0-9a-f]{64}$/.test(manifest) ? manifest : null, code: code === '' ? null : code, opening };
}
