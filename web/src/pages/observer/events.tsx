import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { observer as texts } from '../../i18n/observer';
import { useFormat, useText } from '../../i18n';
import { Icon, type IconName } from '../../ui/icon';
import { Refused, type Server, Unreachable } from '../booth/core/server';
import { type Item, type ObjectionFace, timeline } from './core/timeline';
import type { Watched } from './core/watch';

/** What happened, in the order of the record. */
export function EventsTab({ state: { events, progress, milestones }, server, objections }: { state: Watched; server: Server; objections: readonly ObjectionFace[] }): JSX.Element {
  const t = useText(texts);
  const read = progress?.read ?? 0;
  const times = useSaidTimes(server, read);
  const items = useMemo(() => timeline(events, read, milestones, objections, times), [events, read, milestones, objections, times]);
  if (items.length === 0) return <p class="soft">{t('events.none')}</p>;
  return (
    <div class="stack">
      <p class="soft">{t('events.lead')}</p>
      <ol class="timeline" aria-label={t('events.label')}>
        {items.map((item) => (
          <ItemRow key={item.key} item={item} times={times} />
        ))}
      </ol>
    </div>
  );
}

/** The server's word on when entries got their places: no part of the record, and said to be so. */
function useSaidTimes(server: Server, read: number): ReadonlyMap<number, string> {
  const [times, setTimes] = useState<ReadonlyMap<number, string>>(new Map());
  useEffect(() => {
    let left = false;
    server.timeline().then(
      (events) => left || setTimes(new Map(events.flatMap(({ index, at }) => (typeof at === 'string' ? [[index, at] as const] : [])))),
      (error: unknown) => {
        if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      },
    );
    return () => {
      left = true;
    };
  }, [server, read]);
  return times;
}

const KNOWN = new Set([
  'manifest', 'ceremony-commitment', 'ceremony-opening', 'ceremony-shares', 'ceremony-confirmation', 'ceremony-complaint', 'ceremony-restart', 'joint-key', 'drill', 'half-list-commitment', 'roll-sealed',
  'revocation', 're-issue', 'open', 'paper-strike', 'paper-turnout', 're-dating', 'asset-amendment', 'close', 'encrypted-tally', 'partial-decryption', 'contest-result', 'result', 'void',
] as const);
type Known = typeof KNOWN extends Set<infer T> ? T : never;
const isKnown = (type: string): type is Known => (KNOWN as Set<string>).has(type);

const LOOKS: Partial<Record<Known, { icon: IconName; tone: string }>> = {
  'ceremony-complaint': { icon: 'danger', tone: 'danger' },
  'ceremony-restart': { icon: 'warning', tone: 'warning' },
  'revocation': { icon: 'warning', tone: 'warning' },
  're-dating': { icon: 'warning', tone: 'warning' },
  'asset-amendment': { icon: 'warning', tone: 'warning' },
  'open': { icon: 'success', tone: 'success' },
  'close': { icon: 'success', tone: 'success' },
  'result': { icon: 'success', tone: 'success' },
  'void': { icon: 'danger', tone: 'danger' },
};

function ItemRow({ item, times }: { item: Item; times: ReadonlyMap<number, string> }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const place = (first: number, last: number): string => (first === last ? t('event.place', { n: first }) : t('event.places', { first, last }));
  switch (item.kind) {
    case 'roll':
    case 'ballots':
      return (
        <Row icon={item.kind === 'roll' ? 'clock' : 'shield'} title={t(item.kind === 'roll' ? 'event.roll' : 'event.ballots')}>
          {place(item.first, item.last)} · {t('event.times', { n: item.last - item.first + 1 })}
        </Row>
      );
    case 'milestone':
      return (
        <Row icon="up" title={t('event.milestone', { percent: item.milestone.percent })}>
          {t('event.milestone.body', { n: item.milestone.counted })}
        </Row>
      );
    case 'objection':
      return (
        <Row icon="warning" tone="warning" title={t('event.objection', { n: item.number })}>
          {t(item.answered ? 'event.objection.answered' : 'event.objection.waits')} · {t('event.said', { when: format.dateTime(item.at) })}
        </Row>
      );
    case 'event': {
      const { event, last, count } = item;
      const { entry_type: type, entry, time, reason, trustee, attempt, credential, contest } = event;
      const look = isKnown(type) ? LOOKS[type] : undefined;
      const said = times.get(last) ?? times.get(entry);
      const parts = [
        place(entry, last),
        count > 1 ? t('event.times', { n: count }) : trustee !== null ? t('event.trustee', { n: trustee }) : null,
        count === 1 && credential !== null ? t('event.credential', { n: credential }) : null,
        count === 1 && contest !== null ? t('event.contest', { n: contest + 1 }) : null,
        attempt !== null && attempt > 1 ? t('event.attempt', { n: attempt }) : null,
        time !== null ? t('event.stated', { when: format.dateTime(new Date(time * 1000)) }) : null,
        said !== undefined ? t('event.said', { when: format.dateTime(said) }) : null,
      ];
      return (
        <Row icon={look?.icon ?? 'clock'} tone={look?.tone ?? 'info'} title={t(isKnown(type) ? `event.${type}` : 'event.other')}>
          {parts.filter((part) => part !== null).join(' · ')}
          {reason !== null && <span class="observer-reason">{t('event.reason', { reason })}</span>}
        </Row>
      );
    }
  }
}

function Row({ icon, tone = 'info', title, children }: { icon: IconName; tone?: string; title: string; children: preact.ComponentChildren }): JSX.Element {
  return (
    <li class={`timeline-${tone}`}>
      <span class="timeline-dot">
        <Icon name={icon} />
      </span>
      <div>
        <p class="timeline-title">{title}</p>
        <p class="soft small">{children}</p>
      </div>
    </li>
  );
}
