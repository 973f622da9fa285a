import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { usePick, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Checkbox, ChoiceList } from '../../../ui/choice-list';
import { Disclosure } from '../../../ui/disclosure';
import { FieldError, Select, TextArea } from '../../../ui/field';
import { Section } from '../../../ui/page';
import type { Style, Unit } from '../election/draft';
import { both, NOTHING } from './defaults';
import { BilingualField, NumberField, replaced, type StepProps, without } from './inputs';
import { profileOf } from './profiles';

/** Districts, ballot styles, and how ballots are counted. */
export function DistrictsStep(props: StepProps): JSX.Element {
  const t = useText(texts);
  return (
    <>
      <Units {...props} />
      {props.draft.contests.length > 1 && <Styles {...props} />}
      <Section title={t('counting')}>
        <Counting {...props} />
      </Section>
    </>
  );
}

/** Districts without one; those that belonged to it belong to nobody. */
const unitsWithout = (units: readonly Unit[], gone: number): Unit[] =>
  without(units, gone).map((unit) => ({ ...unit, parent: unit.parent === null || unit.parent === gone ? null : unit.parent > gone ? unit.parent - 1 : unit.parent }));

/** One district a line: Korean, then English after a tab or comma. */
const readUnits = (text: string): Unit[] =>
  text
    .split('\n')
    .map((line) => line.split(/[\t,]/).map((part) => part.trim()))
    .filter(([ko]) => ko !== undefined && ko !== '')
    .map(([ko = '', en = '']) => ({ title: { ko, en }, parent: null }));

function Units({ draft, change, error }: StepProps): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  const [pasted, setPasted] = useState('');
  const { units } = draft;
  const set = (next: readonly Unit[]): void => change({ ...draft, units: next });
  const found = readUnits(pasted);
  return (
    <Section title={t('units')}>
      <p class="soft">{t('units.body')}</p>
      {error('units') !== undefined && <FieldError id="units-error">{error('units')}</FieldError>}
      <div class="stack" id="units" tabIndex={-1}>
        {units.map((unit, index) => (
          <div key={index} class="wizard-unit">
            <BilingualField place={`units[${index}].title`} label={t('unit.number', { n: index + 1 })} value={unit.title} onChange={(title) => set(replaced(units, index, { ...unit, title }))} error={error} />
            {index > 0 && (
              <Select
                id={`units[${index}].parent`}
                label={t('unit.parent')}
                value={unit.parent === null ? '' : String(unit.parent)}
                onChange={(value) => set(replaced(units, index, { ...unit, parent: value === '' ? null : Number(value) }))}
                options={[{ value: '', label: t('unit.parent.none') }, ...units.slice(0, index).map((before, number) => ({ value: String(number), label: pick(before.title) || t('unit.number', { n: number + 1 }) }))]}
                error={error(`units[${index}].parent`)}
              />
            )}
            {units.length > 1 && (
              <Button kind="quiet" size="small" icon="cross" aria-label={t('unit.remove', { n: index + 1 })} onClick={() => set(unitsWithout(units, index))}>
                {t('remove')}
              </Button>
            )}
          </div>
        ))}
      </div>
      <div class="row">
        <Button size="small" icon="plus" onClick={() => set([...units, { title: NOTHING, parent: null }])}>
          {t('unit.add')}
        </Button>
      </div>
      <Disclosure summary={t('units.paste')}>
        <TextArea id="units-paste" label={t('units.paste.label')} hint={t('units.paste.hint')} optional rows={6} value={pasted} onInput={setPasted} />
        <div class="row">
          <Button
            size="small"
            disabled={found.length === 0}
            onClick={() => {
              set(found);
              setPasted('');
            }}
          >
            {t('units.paste.take', { n: found.length })}
          </Button>
        </div>
      </Disclosure>
    </Section>
  );
}

function Styles({ draft, change, error }: StepProps): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  const { styles, contests } = draft;
  const all = contests.map((_, number) => number);
  const set = (next: readonly Style[] | null): void => change({ ...draft, styles: next });
  return (
    <Section title={t('styles')}>
      <ChoiceList
        id="styles"
        legend={t('styles.how')}
        error={error('styles')}
        options={[
          { value: 'one', label: t('styles.one'), detail: t('styles.one.detail') },
          { value: 'several', label: t('styles.several'), detail: t('styles.several.detail') },
        ]}
        value={styles === null ? 'one' : 'several'}
        onChange={(value) => set(value === 'one' ? null : [{ title: both('default.style'), contests: all }])}
      />
      {styles?.map((style, index) => (
        <div key={index} class="card stack">
          <div class="row row-apart">
            <h3>{t('style.number', { n: index })}</h3>
            {styles.length > 1 && (
              <Button kind="quiet" size="small" icon="cross" aria-label={t('style.remove', { n: index })} onClick={() => set(without(styles, index))}>
                {t('remove')}
              </Button>
            )}
          </div>
          <BilingualField place={`styles[${index}].title`} label={t('style.title')} value={style.title} onChange={(title) => set(replaced(styles, index, { ...style, title }))} error={error} />
          <ChoiceList
            many
            id={`styles[${index}].contests`}
            legend={t('style.contests')}
            error={error(`styles[${index}].contests`)}
            options={contests.map((contest, number) => ({ value: String(number), label: pick(contest.title) || t('contest.number', { n: number + 1 }) }))}
            value={style.contests.map(String)}
            onChange={(values) => set(replaced(styles, index, { ...style, contests: values.map(Number).sort((a, b) => a - b) }))}
          />
        </div>
      ))}
      {styles !== null && (
        <div class="row">
          <Button size="small" icon="plus" onClick={() => set([...styles, { title: NOTHING, contests: all }])}>
            {t('style.add')}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Counting({ draft, change, error }: StepProps): JSX.Element {
  const t = useText(texts);
  const { counting } = draft;
  const set = (changed: Partial<typeof counting>): void => change({ ...draft, counting: { ...counting, ...changed } });
  return (
    <>
      <NumberField id="counting.floor" label={t('counting.floor')} hint={t('counting.floor.hint')} value={counting.floor} onChange={(floor) => set({ floor })} error={error('counting.floor')} />
      {profileOf(draft.profile.id)?.revoting === true && <Checkbox id="counting.revoting" label={t('counting.revoting')} detail={t('counting.revoting.detail')} checked={counting.revoting} onChange={(revoting) => set({ revoting })} />}
      <Disclosure summary={t('counting.weights')}>
        <p>{t('counting.weights.body')}</p>
        <Checkbox id="counting.votes_computable" label={t('counting.computable')} detail={t('counting.computable.detail')} checked={counting.votes_computable} onChange={(computable) => set({ votes_computable: computable })} />
      </Disclosure>
    </>
  );
}
