/**
 * A cast that is not settled yet, kept so that a reload, a crashed tab or a phone call does not leave the voter in
 * doubt: confirmation code and entry, in this tab's session storage, from before the first attempt to send until the
 * receipt is verified or the ballot is refused for good.
 *
 * What it tells whoever opens this tab on a shared phone meanwhile: that someone voted here in this election, and which
 * entry of the public board is theirs. Not the choice: the entry is encrypted and its nonces were destroyed in the
 * worker when it was made. It holds no voting code and no session, so that nobody can vote or change a vote with it;
 * sending it again needs the voter's own one-time code, and can only bring the same vote to the ballot box.
 * Once the vote is recorded, board and receipt say as much in public, and the copy here is gone.
 */

export interface PendingCast {
  /** Hash of the manifest, in hexadecimal digits: nothing of another election is ever taken up. */
  manifest: string;
  /** Confirmation code. */
  code: string;
  /** The entry as it is sent. */
  entry: Uint8Array;
}

/** Where it is kept; `sessionStorage` in the browser. */
export type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

const key = (tenant: string, election: string): string => `hanpyo.pending/${tenant}/${election}`;

const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

export function keepPending(storage: Storage, tenant: string, election: string, { manifest, code, entry }: PendingCast): void {
  try {
    storage.setItem(key(tenant, election), JSON.stringify({ manifest, code, entry: toBase64(entry) }));
  } catch {
    // Storage is off or full: then only this page, while open, can settle the cast.
  }
}

export function dropPending(storage: Storage, tenant: string, election: string): void {
  try {
    storage.removeItem(key(tenant, election));
  } catch {
    // Nothing was kept where storage is off.
  }
}

export function readPending(storage: Storage, tenant: string, election: string): PendingCast | null {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key(tenant, election)) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    const { manifest, code, entry } = kept as Partial<Record<keyof PendingCast, unknown>>;
    if (typeof manifest !== 'string' || typeof code !== 'string' || typeof entry !== 'string') return null;
    return { manifest, code, entry: fromBase64(entry) };
  } catch {
    return null;
  }
}
