/** Opening an election's record: entry 0, joint key and confirmations, verified by the module before anything is shown. */
import { fromHex, toHex } from '../../../app/hex';
import { decode } from '../../../wasm/cbor';
import type { Manifest } from '../../../wasm/messages';
import type { Operator } from '../../../wasm/ops';
import { bundle, type PublicElection, type Server } from './server';

/** Where the manifest is in every record. */
const MANIFEST = 0;
/** docs/protocol.cddl: the place of the contests in a manifest, of the kind in a contest, and a kind. */
const [CONTESTS, KIND, SCORE] = [6, 2, 3];

/** Whether a manifest entry has score contests. Nothing is verified yet: it only chooses the module, which says what is wrong with an entry. */
export function hasScores(entry: Uint8Array): boolean {
  const at = (list: unknown, place: number): unknown => (Array.isArray(list) ? (list as readonly unknown[])[place] : undefined);
  try {
    const contests = at(at(decode(entry), 1), CONTESTS);
    return Array.isArray(contests) && contests.some((contest) => at(at(contest, KIND), 0) === SCORE);
  } catch {
    return false;
  }
}

export interface OpenedRecord {
  /** What the server says of the election now: phase, closing time, amendments. */
  face: PublicElection;
  manifest: Manifest;
  /** Manifest hash in hexadecimal digits. */
  hash: string;
  /** Handle of the election; null before the trustees have signed a joint key. */
  election: number | null;
}

/**
 * Reads the beginning of a record. `expected` is the manifest hash of a link, in hexadecimal digits; without one the
 * server's is taken, and the reader has to compare.
 * `starting` may still be on its way: the record is read meanwhile, and tells which module is needed.
 * @throws OperationError when something is not what it says, Refused or Unreachable when the server does not give it
 */
export async function openRecord(server: Server, starting: Operator | Promise<Operator>, expected: string | null): Promise<OpenedRecord> {
  const [operator, face, needed, entry] = await Promise.all([starting, server.public(), server.booth(), server.entry(MANIFEST)]);
  operator.needs?.(hasScores(entry));
  const { joint_key: jointKey, confirmations } = needed;
  const indices = typeof jointKey === 'number' ? [jointKey, ...confirmations.map(({ index }) => index)] : [];
  const entries = [entry, ...(await Promise.all(indices.map((index) => server.entry(index))))];
  const wanted = fromHex(expected ?? face.manifest_hash);
  if (typeof jointKey === 'number') {
    const { election, manifest } = await operator.call('open_election', { bundles: [bundle(entries)], expected: wanted });
    return { face, manifest, hash: toHex(manifest.hash), election };
  }
  const manifest = await operator.call('read_manifest', { entry, expected: wanted });
  return { face, manifest, hash: toHex(manifest.hash), election: null };
}
