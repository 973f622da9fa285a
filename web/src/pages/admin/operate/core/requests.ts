/** What the authority needs to act on requests offline: the file that is handed over and the commands to run. */
import { csv } from './csv';
import type { Schemas } from './office';

export type Request = Schemas['RollRequestView'];

/** Whether the authority has still something to sign: a re-issue that nobody refused and that is not done. */
export const waitsForAuthority = ({ kind, state }: Request): boolean => kind === 'reissue' && (state === 'open' || state === 'revocation_proposed' || state === 'revoked');

/** In single quotes for a POSIX shell, whatever it holds. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The next command of the authority for a request; null while others must act or when nothing is left. */
export function command(request: Request, board: string, vkey: string): string | null {
  const { credential_index: index, state, reason } = request;
  if (typeof index !== 'number' || !waitsForAuthority(request)) return null;
  const where = `--board ${board} --vkey ${quoted(vkey)}`;
  if (state === 'open') return `hanpyo-authority --secret authority.age revoke --index ${String(index)} --reason ${quoted(reason)} ${where}`;
  if (state === 'revoked') return `hanpyo-authority --secret authority.age reissue --index ${String(index)} --out issued ${where}`;
  return null;
}

/** The file for the authority. No contact is in it: letters go where the roll says. */
export const forAuthority = (requests: readonly Request[], board: string, vkey: string): string =>
  csv(
    ['request', 'voter_id', 'credential_index', 'state', 'requested_at', 'reason', 'command'],
    requests.filter(waitsForAuthority).map((one) => [one.id, one.voter_id, one.credential_index ?? '', one.state, one.requested_at, one.reason, command(one, board, vkey) ?? '']),
  );
