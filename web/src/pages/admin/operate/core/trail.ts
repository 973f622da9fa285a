/** The audit trail as it is read: which deeds there are, how they are filtered and written to a file. */
import { csv } from './csv';
import type { Schemas } from './office';

export type Deed = Schemas['AuditEntry'];

/** Everything that the server notes about an election. A test compares it with the server's sources. */
export const ACTIONS = [
  'ceremony.restart',
  'election.approve',
  'election.assets',
  'election.close',
  'election.create',
  'election.delete',
  'election.edit',
  'election.listing',
  'election.open',
  'election.redate',
  'election.return',
  'election.submit',
  'election.void',
  'lot.draw',
  'lot.prepare',
  'messages.send',
  'objection.read',
  'objection.reply',
  'objection.withhold',
  'paper.strike',
  'paper.turnout',
  'proposal.approve',
  'roll.add',
  'roll.assign',
  'roll.clear',
  'roll.correct',
  'roll.decide',
  'roll.export',
  'roll.import',
  'roll.read',
  'roll.remove',
  'roll.request',
  'roll.unassign',
] as const;
export type Action = (typeof ACTIONS)[number];
export const isAction = (action: string): action is Action => (ACTIONS as readonly string[]).includes(action);

/** Parts of the trail by what the actions begin with. */
export const PARTS = ['election', 'roll', 'messages', 'ceremony', 'proposal', 'paper', 'objection', 'lot'] as const;
export const partOf = (action: string): string => action.split('.')[0] ?? action;

export interface Filter {
  /** Of `PARTS`, or nothing for all. */
  part: string;
  /** Log-in name, or nothing for all. */
  actor: string;
}

/** Who noted deeds without anyone logged in. */
export const SYSTEM = '';

/** Deeds that a filter lets through, the newest first. */
export const filtered = (deeds: readonly Deed[], { part, actor }: Filter): readonly Deed[] => deeds.filter((deed) => (part === '' || partOf(deed.action) === part) && (actor === '' || deed.actor === actor)).toReversed();

export const actorsOf = (deeds: readonly Deed[]): readonly string[] => [...new Set(deeds.flatMap(({ actor }) => (typeof actor === 'string' ? [actor] : [])))].sort();

/** `rows: 3, kind: contact` */
export const detailOf = ({ detail }: Pick<Deed, 'detail'>): string =>
  Object.entries(detail as Record<string, unknown>)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

export const trailFile = (deeds: readonly Deed[]): string =>
  csv(
    ['id', 'at', 'actor', 'action', 'target', 'detail'],
    deeds.map((deed) => [deed.id, deed.at, deed.actor ?? SYSTEM, deed.action, deed.target, detailOf(deed)]),
  );
