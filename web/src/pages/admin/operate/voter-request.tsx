import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { Problem } from '../../../api/problem';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { ChoiceList } from '../../../ui/choice-list';
import { TextArea, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import { api } from '../session';
import { useAct } from './core/load';
import { E, type Office, type Schemas } from './core/office';
import { sayReason } from './core/reasons';
import { Trouble } from './trouble';

type Kind = Schemas['RequestKind'];
const KINDS = ['contact', 'reissue'] as const satisfies readonly Kind[];

/** After the seal: another contact, or another credential. One person asks here, another decides. */
export function VoterRequest({ office, voter }: { office: Office; voter: Schemas['VoterView'] }): JSX.Element {
  const t = useText(texts);
  const [kind, setKind] = useState<Kind>('contact');
  const [contact, setContact] = useState('');
  const [reason, setReason] = useState('');
  const [made, setMade] = useState<number | null>(null);
  const act = useAct();
  const wrong = (name: string): string | undefined => {
    const said = act.error instanceof Problem ? act.error.field(name) : undefined;
    return said === undefined ? undefined : sayReason(t, said);
  };
  const ask = (): void =>
    void act.run(async () => {
      const body = kind === 'contact' ? { kind, contact: contact.trim(), reason: reason.trim() } : { kind, reason: reason.trim() };
      const request = await data(api.POST(`${E}/voters/{voter}/requests`, { params: { path: { ...office.path, voter: voter.id } }, body }));
      setMade(request.id);
      setContact('');
      setReason('');
    });
  const reissuable = voter.status === 'not_voted';
  return (
    <Section title={t('request.ask')}>
      <p>{t('request.ask.lead')}</p>
      {made !== null && (
        <Notice kind="success" title={t('request.made', { n: made })} live="status">
          <p>{t('request.made.body')}</p>
          <div class="row">
            <ButtonLink size="small" to={office.at('requests')}>
              {t('requests.open')}
            </ButtonLink>
          </div>
        </Notice>
      )}
      <form
        class="card stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <ChoiceList legend={t('request.kind')} value={kind} onChange={(value) => setKind(value as Kind)} options={KINDS.map((value) => ({ value, label: t(`request.kind.${value}`), detail: t(`request.kind.${value}.detail`), disabled: value === 'reissue' && !reissuable }))} />
        {kind === 'contact' && <TextField label={t('request.contact')} hint={t('voter.contact.hint')} value={contact} onInput={setContact} error={wrong('contact')} maxLength={254} autoComplete="off" />}
        <TextArea label={t('reason')} hint={t('request.reason.hint')} value={reason} onInput={setReason} error={wrong('reason')} maxLength={500} rows={3} />
        {wrong('contact') === undefined && wrong('reason') === undefined && <Trouble error={act.error} />}
        <div class="row">
          <Button type="submit" kind="primary" busy={act.busy}>
            {t('request.send')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
