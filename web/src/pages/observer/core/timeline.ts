/** The timeline: what the record says, in its order; ballots between two events as one line; objections where they came. */
import type { RecordEvent } from '../../../wasm/messages';
import type { Milestone } from './milestones';

export type Item =
  | { kind: 'event'; key: string; event: RecordEvent; /** Entries of the same sort that follow each other. */ last: number; count: number }
  /** Entries that no event describes: parts of the roll before the opening, ballots and posted challenges after it. */
  | { kind: 'roll' | 'ballots'; key: string; first: number; last: number }
  | { kind: 'milestone'; key: string; milestone: Milestone }
  | { kind: 'objection'; key: string; number: number; at: string; answered: boolean };

export interface ObjectionFace {
  number: number;
  at: string;
  replies: readonly unknown[];
}

/** Events that come in runs, one a trustee, a voter or a contest, and are shown as one line. */
const RUNS = new Set(['ceremony-commitment', 'ceremony-opening', 'ceremony-shares', 'ceremony-confirmation', 'drill', 'paper-strike', 'encrypted-tally', 'partial-decryption', 'contest-result']);

/** Everything up to entry `size`. `times` gives the server's word on when an entry got its place, by index. */
export function timeline(events: readonly RecordEvent[], size: number, milestones: readonly Milestone[], objections: readonly ObjectionFace[], times: ReadonlyMap<number, string>): Item[] {
  const items: Item[] = [];
  const marks = [...milestones];
  const voices = [...objections].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  let next = 0;
  let isOpen = false;
  const marksUpTo = (end: number): void => {
    for (let mark = marks[0]; mark !== undefined && mark.read <= end; mark = marks[0]) {
      items.push({ kind: 'milestone', key: `m${String(mark.percent)}`, milestone: mark });
      marks.shift();
    }
  };
  const gapUpTo = (end: number): void => {
    if (end > next) items.push({ kind: isOpen ? 'ballots' : 'roll', key: `g${String(next)}`, first: next, last: end - 1 });
    next = Math.max(next, end);
    marksUpTo(end);
  };
  const voicesBefore = (at: string | undefined): void => {
    if (at === undefined) return;
    for (let voice = voices[0]; voice !== undefined && Date.parse(voice.at) < Date.parse(at); voice = voices[0]) {
      items.push(objection(voice));
      voices.shift();
    }
  };
  for (const event of events) {
    gapUpTo(event.entry);
    voicesBefore(times.get(event.entry));
    const before = items.at(-1);
    if (before?.kind === 'event' && RUNS.has(event.entry_type) && before.event.entry_type === event.entry_type && before.event.attempt === event.attempt && before.last === event.entry - 1) {
      items[items.length - 1] = { ...before, last: event.entry, count: before.count + 1 };
    } else items.push({ kind: 'event', key: `e${String(event.entry)}`, event, last: event.entry, count: 1 });
    next = event.entry + 1;
    if (event.entry_type === 'open') isOpen = true;
    if (event.entry_type === 'close') isOpen = false;
  }
  gapUpTo(size);
  marksUpTo(Infinity);
  return [...items, ...voices.map(objection)];
}

const objection = ({ number, at, replies }: ObjectionFace): Item => ({ kind: 'objection', key: `o${String(number)}`, number, at, answered: replies.length > 0 });
