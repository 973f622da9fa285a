/** What the record cannot tell and people write on a form. Kept in the page's memory only. */
import type { JSX } from 'preact';
import { papers as texts } from '../../i18n/papers';
import { useText } from '../../i18n';
import { Disclosure } from '../../ui/disclosure';
import { TextArea, TextField } from '../../ui/field';

export interface Fields {
  commission: string;
  place: string;
  chair: string;
  /** One a line. */
  members: string;
  /** One a line. */
  observers: string;
  remarks: string;
}

export const BLANK: Fields = { commission: '', place: '', chair: '', members: '', observers: '', remarks: '' };

export function FieldsForm({ fields, place, onChange }: { fields: Fields; /** Whether the form has a place. */ place: boolean; onChange: (fields: Fields) => void }): JSX.Element {
  const t = useText(texts);
  const set = (name: keyof Fields) => (value: string) => onChange({ ...fields, [name]: value });
  return (
    <Disclosure summary={t('fields')}>
      <div class="stack">
        <p>{t('fields.lead')}</p>
        <div class="papers-fields">
          <TextField label={t('fields.commission')} value={fields.commission} onInput={set('commission')} optional />
          {place && <TextField label={t('fields.place')} value={fields.place} onInput={set('place')} optional />}
          <TextField label={t('fields.chair')} value={fields.chair} onInput={set('chair')} optional />
          <TextArea label={t('fields.members')} hint={t('fields.lines')} rows={3} value={fields.members} onInput={set('members')} optional />
          <TextArea label={t('fields.observers')} hint={t('fields.lines')} rows={3} value={fields.observers} onInput={set('observers')} optional />
          <TextArea label={t('fields.remarks')} rows={3} value={fields.remarks} onInput={set('remarks')} optional />
        </div>
      </div>
    </Disclosure>
  );
}
