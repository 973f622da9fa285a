/**
 * What a paper says: the whole record, checked in this browser as an observer checks it. Nothing that the record says
 * is taken from elsewhere; the server's word is only when an entry got its place, where the entry states no time, and how
 * turnout grew.
 */
import type { Manifest, ObserverReportView, RecordEvent, RecordResults } from '../../../wasm/messages';
import { startObserver } from '../../../wasm/observer';
import type { FetchFile, Progress } from '../../../wasm/follow';
import { fromHex } from '../../../app/hex';
import { isBefore } from '../../booth/core/schedule';
import type { PublicElection, Server, TimelineEvent, TurnoutHistory } from '../../booth/core/server';
import { firstEntry, Unreadable } from './bundle';

export interface Facts {
  face: PublicElection;
  manifest: Manifest;
  report: ObserverReportView;
  events: readonly RecordEvent[];
  results: RecordResults;
  /** For the server's times only. */
  timeline: readonly TimelineEvent[];
  /** The server's word; null before voting. */
  history: TurnoutHistory | null;
  checkpoint: { origin: string; size: number; root: string };
  /** By the server's clock, in milliseconds since 1970. */
  at: number;
}

/** Where the first entry is: the whole bundle once it is full, a part of it before. */
const FIRST_BUNDLE = /^tile\/entries\/000(\.p\/\d+)?$/;

/** Reads and checks the record. `board` gives the board's files, `onProgress` hears how far it is. */
export async function gather(server: Server, board: (face: PublicElection) => FetchFile, onProgress: (progress: Progress) => void): Promise<Facts> {
  const [face, timeline] = await Promise.all([server.public(), server.timeline()]);
  const history = isBefore(face.phase) ? null : await server.turnoutHistory();
  const fetchFile = board(face);
  const seen: { bundle: Uint8Array | null } = { bundle: null };
  const remembering: FetchFile = async (path) => {
    const bytes = await fetchFile(path);
    if (FIRST_BUNDLE.test(path)) seen.bundle = bytes;
    return bytes;
  };
  const running = await startObserver(remembering, { vkey: face.vkey, onProgress });
  try {
    const { follower, main } = running;
    const { size, root, stopped } = await follower.refresh();
    const observer = follower.handle;
    const { bundle } = seen;
    if (root === null || bundle === null) throw new Unreadable(stopped ?? 'the board is empty');
    const [report, { events }, results, manifest] = await Promise.all([
      main.call('observer_report', { observer }),
      main.call('observer_events', { observer, skip: 0 }),
      main.call('observer_results', { observer }),
      // The bytes that the observer found under the checkpoint, and no other election than the one asked for.
      main.call('read_manifest', { entry: firstEntry(bundle), expected: fromHex(face.manifest_hash) }),
    ]);
    return { face, manifest, report, events, results, timeline, history, checkpoint: { origin: manifest.origin, size, root }, at: server.clock.now() ?? Date.now() };
  } finally {
    running.stop();
  }
}
