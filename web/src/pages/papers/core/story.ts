/** What the entries of a record tell, in the order of a paper. */
import type { RecordEvent } from '../../../wasm/messages';
import type { TimelineEvent } from '../../booth/core/server';

/** A moment of the record. Times in milliseconds since 1970. */
export interface Moment {
  entry: number;
  /** What the entry states, signed by the commission. */
  stated: number | null;
  /** When the server says that the entry got its place; no part of the record. */
  placed: number | null;
}

export interface Happening extends Moment {
  kind: Remarkable;
  reason: string | null;
}

/** What is told one by one in a paper: the rest is counted. */
export const REMARKABLE = ['ceremony-restart', 're-dating', 'asset-amendment', 'void'] as const;
export type Remarkable = (typeof REMARKABLE)[number];
const isRemarkable = (kind: string): kind is Remarkable => (REMARKABLE as readonly string[]).includes(kind);

export interface Story {
  jointKey: Moment | null;
  /** Attempt of the ceremony that gave the joint key. */
  attempt: number | null;
  /** Trustees, from 1, who showed before voting that they can decrypt. */
  drilled: readonly number[];
  sealed: Moment | null;
  opened: Moment | null;
  /** To when the closing time was put off last; null if never. */
  closes: number | null;
  closed: Moment | null;
  /** The first encrypted sums. */
  tallied: Moment | null;
  /** Trustees, from 1, with partial decryptions for every contest that has any; each with the last of them. */
  decrypted: readonly { trustee: number; last: Moment }[];
  result: Moment | null;
  revoked: number;
  reissued: number;
  struck: number;
  happenings: readonly Happening[];
}

/** Puts events in their places. */
export function storyOf(events: readonly RecordEvent[], timeline: readonly TimelineEvent[]): Story {
  const moment = (event: RecordEvent): Moment => ({ entry: event.entry, stated: event.time === null ? null : event.time * 1000, placed: placeTime(event.entry, timeline) });
  const of = (type: string): RecordEvent[] => events.filter(({ entry_type }) => entry_type === type);
  const first = (type: string): Moment | null => {
    const found = of(type)[0];
    return found === undefined ? null : moment(found);
  };
  const jointKey = of('joint-key').at(-1);
  const redated = of('re-dating').at(-1);
  return {
    jointKey: jointKey === undefined ? null : moment(jointKey),
    attempt: jointKey?.attempt ?? null,
    drilled: numbers(of('drill').map(({ trustee }) => trustee)),
    sealed: first('roll-sealed'),
    opened: first('open'),
    closes: redated === undefined || redated.time === null ? null : redated.time * 1000,
    closed: first('close'),
    tallied: first('encrypted-tally'),
    decrypted: decrypted(of('partial-decryption')).map(({ trustee, last }) => ({ trustee, last: moment(last) })),
    result: first('result'),
    revoked: of('revocation').length,
    reissued: of('re-issue').length,
    struck: of('paper-strike').length,
    happenings: events.flatMap((event) => (isRemarkable(event.entry_type) ? [{ ...moment(event), kind: event.entry_type, reason: event.reason }] : [])),
  };
}

/** The server notes entries of one kind that follow each other together; the time is that of the last of them. */
function placeTime(entry: number, timeline: readonly TimelineEvent[]): number | null {
  const found = timeline.find(({ index, last_index }) => index <= entry && entry <= last_index);
  return typeof found?.at === 'string' ? Date.parse(found.at) : null;
}

const numbers = (found: readonly (number | null)[]): number[] => [...new Set(found.filter((one) => one !== null))].sort((a, b) => a - b);

function decrypted(entries: readonly RecordEvent[]): { trustee: number; last: RecordEvent }[] {
  const contests = numbers(entries.map(({ contest }) => contest));
  return numbers(entries.map(({ trustee }) => trustee)).flatMap((trustee) => {
    const own = entries.filter((entry) => entry.trustee === trustee);
    const last = own.at(-1);
    const whole = contests.every((contest) => own.some((entry) => entry.contest === contest));
    return last !== undefined && whole ? [{ trustee, last }] : [];
  });
}
