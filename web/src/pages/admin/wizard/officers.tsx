import type { JSX } from 'preact';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Disclosure } from '../../../ui/disclosure';
import { FieldError, TextArea, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import type { Officer } from '../election/draft';
import { LEAST_TRUSTEES } from './check';
import { NumberField, replaced, type StepProps, without } from './inputs';

const NOBODY: Officer = { name: '', key: null };
const MOST_AUTHORITIES = 2;
/** More than half, at least two, never all. */
const usualQuorum = (trustees: number): number => Math.max(2, Math.floor(trustees / 2) + 1);

/** Who holds which key. */
export function OfficersStep({ draft, change, error }: StepProps): JSX.Element {
  const t = useText(texts);
  const { roles } = draft;
  const set = (changed: Partial<typeof roles>): void => change({ ...draft, roles: { ...roles, ...changed } });
  const setTrustees = (trustees: readonly Officer[]): void => set({ trustees, ...(trustees.length === roles.trustees.length ? {} : { quorum: usualQuorum(trustees.length) }) });
  const n = roles.trustees.length;
  return (
    <>
      <p class="soft">{t('officers.keys')}</p>
      <Section title={t('trustees')}>
        <p class="soft">{t('trustees.body')}</p>
        <Officers place="roles.trustees" name={(number) => t('trustee.number', { n: number })} list={roles.trustees} least={LEAST_TRUSTEES} onChange={setTrustees} error={error} add={t('trustee.add')} />
        <NumberField id="roles.quorum" label={t('quorum')} hint={t('quorum.hint', { n })} value={roles.quorum ?? 0} onChange={(quorum) => set({ quorum })} error={error('roles.quorum')} suffix={t('quorum.of', { n })} />
      </Section>
      <Section title={t('authorities')}>
        <p class="soft">{t('authorities.body')}</p>
        <Officers place="roles.authorities" name={(number) => t('authority.number', { n: number })} list={roles.authorities} least={1} most={MOST_AUTHORITIES} onChange={(authorities) => set({ authorities })} error={error} add={t('authority.add')} />
      </Section>
      <Section title={t('tally')}>
        <p class="soft">{t('tally.body')}</p>
        <KeyField id="roles.tally" label={t('tally.key')} value={roles.tally} onChange={(tally) => set({ tally })} error={error('roles.tally')} />
      </Section>
      {draft.disclosure === 'accredited' && (
        <Notice kind="warning" title={t('disclosure.accredited')}>
          <p>{t('disclosure.accredited.warning')}</p>
          <Button onClick={() => change({ ...draft, disclosure: 'public' })}>{t('disclosure.accredited.back')}</Button>
        </Notice>
      )}
      <Disclosure summary={t('more')} open={draft.witnesses !== null}>
        <TextArea
          id="witnesses.policy"
          label={t('witnesses')}
          hint={t('witnesses.hint')}
          optional
          rows={5}
          value={draft.witnesses?.policy ?? ''}
          onInput={(policy) => change({ ...draft, witnesses: policy.trim() === '' ? null : { policy, faulty: draft.witnesses?.faulty ?? 0 } })}
          error={error('witnesses.policy')}
        />
        {draft.witnesses !== null && <NumberField id="witnesses.faulty" label={t('witnesses.faulty')} value={draft.witnesses.faulty} onChange={(faulty) => change({ ...draft, witnesses: { policy: draft.witnesses?.policy ?? '', faulty } })} error={error('witnesses.faulty')} />}
      </Disclosure>
    </>
  );
}

/** A public key as the officer's own program printed it. */
function KeyField({ id, label, value, onChange, error }: { id: string; label: string; value: string | null; onChange: (key: string | null) => void; error: string | undefined }): JSX.Element {
  const t = useText(texts);
  return <TextField id={id} label={label} hint={t('key.hint')} value={value ?? ''} onInput={(text) => onChange(text.trim() === '' ? null : text.trim())} error={error} spellcheck={false} autoCapitalize="none" autoComplete="off" />;
}

interface OfficersProps {
  place: string;
  name: (number: number) => string;
  list: readonly Officer[];
  least: number;
  most?: number;
  add: string;
  onChange: (list: readonly Officer[]) => void;
  error: StepProps['error'];
}

function Officers({ place, name, list, least, most = 32, add, onChange, error }: OfficersProps): JSX.Element {
  const t = useText(texts);
  return (
    <div class="stack" id={place} tabIndex={-1}>
      {error(place) !== undefined && <FieldError id={`${place}-error`}>{error(place)}</FieldError>}
      {list.map((officer, index) => (
        <fieldset key={index} class="card stack">
          <legend class="visually-hidden">{name(index + 1)}</legend>
          <div class="stack stack-s">
            <TextField id={`${place}[${index}].name`} label={t('officer.name', { who: name(index + 1) })} value={officer.name} onInput={(text) => onChange(replaced(list, index, { ...officer, name: text }))} error={error(`${place}[${index}].name`)} autoComplete="off" />
            <KeyField id={`${place}[${index}].key`} label={t('officer.key', { who: name(index + 1) })} value={officer.key} onChange={(key) => onChange(replaced(list, index, { ...officer, key }))} error={error(`${place}[${index}].key`)} />
          </div>
          {list.length > least && (
            <div class="row">
              <Button kind="quiet" size="small" icon="cross" aria-label={t('officer.remove', { who: name(index + 1) })} onClick={() => onChange(without(list, index))}>
                {t('remove')}
              </Button>
            </div>
          )}
        </fieldset>
      ))}
      {list.length < most && (
        <div class="row">
          <Button size="small" icon="plus" onClick={() => onChange([...list, NOBODY])}>
            {add}
          </Button>
        </div>
      )}
    </div>
  );
}
