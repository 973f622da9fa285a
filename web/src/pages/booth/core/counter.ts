/** The counter of a ballot: above that of the voter's earlier ballots (docs/PROTOCOL.md section 6.1). */
import type { Manifest } from '../../../wasm/messages';

/**
 * How far above the last second of voting a counter may be, in seconds: ten years, for earlier ballots made by a device
 * with a wrong clock.
 */
const ROOM = 10 * 365 * 86_400;

/**
 * The time in seconds, or one more than the last counter. Both are the server's word, and a ballot with the highest
 * counter there is would be its voter's last: no time outside of the signed hours is taken, and no counter that leaves
 * no room for later ballots.
 * @returns null if there is no ballot of this election with such a last counter
 */
export function nextCounter({ windows, grace_seconds: grace }: Manifest, now: number, last: number): number | null {
  const end = (windows.at(-1)?.closes ?? 0) + grace;
  const time = Math.max(1, windows[0]?.opens ?? 0, Math.min(now, end));
  const next = Math.max(time, last + 1);
  return Number.isSafeInteger(next) && next <= end + ROOM ? next : null;
}
