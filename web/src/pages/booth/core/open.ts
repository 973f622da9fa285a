/** Opening an election's record: entry 0, joint key and confirmations, verified by the module before anything is shown. */
import type { Manifest } from '../../../wasm/messages';
import type { Operator } from '../../../wasm/ops';
import { bundle, type PublicElection, type Server } from './server';

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

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
 * @throws OperationError when something is not what it says, Refused or Unreachable when the server does not give it
 */
export async function openRecord(server: Server, operator: Operator, expected: string | null): Promise<OpenedRecord> {
  const [face, needed] = await Promise.all([server.public(), server.booth()]);
  const { manifest: first, joint_key: jointKey, confirmations } = needed;
  const indices = [first, ...(typeof jointKey === 'number' ? [jointKey, ...confirmations.map(({ index }) => index)] : [])];
  const entries = await Promise.all(indices.map((index) => server.entry(index)));
  const wanted = fromHex(expected ?? face.manifest_hash);
  if (typeof jointKey === 'number') {
    const { election, manifest } = await operator.call('open_election', { bundles: [bundle(entries)], expected: wanted });
    return { face, manifest, hash: toHex(manifest.hash), election };
  }
  const [entry] = entries;
  if (!entry) throw new Error('the server named no manifest entry');
  const manifest = await operator.call('read_manifest', { entry, expected: wanted });
  return { face, manifest, hash: toHex(manifest.hash), election: null };
}
