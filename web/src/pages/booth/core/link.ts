/** The personal link: `#m=<manifest hash>&a=<authority>&i=<credential index>&c=<voting code>` (web/README.md). */

export interface PersonalLink {
  /** Hash of the manifest that the letter is of, 64 hexadecimal digits. */
  manifest: string;
  /** Number of the authority whose code it is, from 1. */
  authority: number;
  /** Index of the voter's credential. */
  index: number;
  /** The voting code: secret. */
  code: string;
}

const HASH = /^[0-9a-f]{64}$/;
const NUMBER = /^\d{1,10}$/;

/** Reads a fragment: null if it has no part of a link, `'broken'` if one is missing or makes no sense. */
export function readLink(fragment: string): PersonalLink | 'broken' | null {
  const text = fragment.replace(/^#/, '');
  const parts = new Map(text.split('&').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
  if (!['m', 'a', 'i', 'c'].some((name) => parts.has(name))) return null;
  const decoded = (name: string): string => {
    try {
      return decodeURIComponent(parts.get(name) ?? '');
    } catch {
      return '';
    }
  };
  const [manifest, authority, index, code] = [decoded('m').toLowerCase(), decoded('a'), decoded('i'), decoded('c')];
  if (!HASH.test(manifest) || !NUMBER.test(authority) || !NUMBER.test(index) || code === '' || code.length > 64) return 'broken';
  const link = { manifest, authority: Number(authority), index: Number(index), code };
  return link.authority >= 1 && link.authority <= 2 && link.index <= 0xffff_ffff ? link : 'broken';
}

type Kept = Pick<Storage, 'getItem' | 'setItem'>;
const key = (tenant: string, election: string): string => `hanpyo.manifest/${tenant}/${election}`;

/**
 * The manifest hash that the letter names, kept in this tab: after a reload, with the link gone from the address bar,
 * the booth still refuses any other manifest. The hash is public; the code is never kept.
 */
export function keepManifest(storage: Kept, tenant: string, election: string, hash: string): void {
  try {
    storage.setItem(key(tenant, election), hash);
  } catch {
    // Without storage a reload asks the voter to compare with the letter.
  }
}

/** What `keepManifest` kept, or null. */
export function keptManifest(storage: Kept, tenant: string, election: string): string | null {
  try {
    const hash = storage.getItem(key(tenant, election));
    return hash !== null && HASH.test(hash) ? hash : null;
  } catch {
    return null;
  }
}

/** Taken, but not used yet. */
let held: PersonalLink | 'broken' | null = null;

/** Takes the link at once, for the page that is not there yet. */
export function holdLink(): void {
  held = takeLink();
}

/**
 * Takes the link out of the address bar and of the history entry, so that neither a glance nor the back button
 * shows the code again.
 */
export function takeLink(): PersonalLink | 'broken' | null {
  const link = readLink(location.hash) ?? held;
  held = null;
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
  return link;
}
