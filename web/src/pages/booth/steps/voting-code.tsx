import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { booth as texts } from '../../../i18n/booth';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { TextField } from '../../../ui/field';
import { Progress } from '../../../ui/progress';
import type { Stage, State, Trouble } from '../core/machine';
import type { Booth } from '../core/run';
import { Screen } from '../frame';
import { TroubleNotice } from './trouble';

type Here = Extract<Stage, { at: 'voting-code' }>;

/** The voting code of each authority whose code no link brought. */
export function VotingCodeStep({ booth, state, stage }: { booth: Booth; state: State; stage: Here }): JSX.Element {
  const t = useText(texts);
  const say = useCodeTrouble();
  const authorities = state.election?.manifest.authorities ?? [];
  const [codes, setCodes] = useState<readonly string[]>(() => authorities.map(() => ''));
  const [tried, setTried] = useState(false);
  const wanted = state.codes.flatMap((known, place) => (known ? [] : [place]));
  const { trouble } = stage;
  if (stage.busy)
    return (
      <Screen state={state} step="voting-code-busy" title={t('code.checking')}>
        <Progress label={t('code.checking')} />
      </Screen>
    );
  const errorOf = (place: number): string | null => {
    if (tried && (codes[place] ?? '').trim() === '') return t('code.missing');
    if (trouble?.kind !== 'voting-code') return null;
    // That the codes are another's can be the fault of any of them; it is said at the first.
    return (trouble.code === 'other_credential' ? (wanted[0] ?? 0) : trouble.place) === place ? say(trouble) : null;
  };
  return (
    <Screen state={state} step="voting-code" title={t('code.title')} lead={t('code.lead')}>
      <TroubleNotice trouble={trouble} />
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          const missing = wanted.find((place) => (codes[place] ?? '').trim() === '');
          if (missing !== undefined) document.getElementById(`voting-code-${String(missing)}`)?.focus();
          else booth.dispatch({ event: 'voting-codes', codes: state.codes.map((known, place) => (known ? null : (codes[place] ?? ''))) });
        }}
      >
        {wanted.map((place) => (
          <TextField
            key={place}
            id={`voting-code-${String(place)}`}
            label={authorities.length > 1 ? t('code.label.of', { name: authorities[place]?.name ?? '' }) : t('code.label')}
            hint={t('code.hint')}
            error={errorOf(place)}
            value={codes[place] ?? ''}
            onInput={(code) => setCodes(authorities.map((_, at) => (at === place ? code : (codes[at] ?? ''))))}
            autoComplete="off"
            autoCapitalize="characters"
            spellcheck={false}
            maxLength={64}
            size={28}
          />
        ))}
        <div class="booth-actions">
          <Button type="submit" kind="primary" size="large" wide>
            {t('code.confirm')}
          </Button>
        </div>
      </form>
    </Screen>
  );
}

function useCodeTrouble(): (trouble: Extract<Trouble, { kind: 'voting-code' }>) => string {
  const t = useText(texts);
  return ({ code, position, found }) => {
    switch (code) {
      case 'code_character':
        return t('code.wrong.character', { n: position ?? 0, found: found ?? '' });
      case 'code_length':
        return t('code.wrong.length', { n: Number(found ?? 0) });
      case 'other_credential':
        return t('code.wrong.other');
      default:
        return t('code.wrong.symbol');
    }
  };
}
