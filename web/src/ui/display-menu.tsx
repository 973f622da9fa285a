import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { changeLanguage } from '../app/language';
import { changeSettings, TEXT_SIZES, THEMES, useSettings } from '../app/settings';
import { type Language, LANGUAGES } from '../i18n/catalogue';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { Icon } from './icon';
import { toast } from './toast';
import './display-menu.css';

/** One setting as a row of radio buttons that look like a switch. */
export function Switch<T extends string | number>({ legend, values, value, label, onChange, language }: { legend: string; values: readonly T[]; value: T; label: (value: T) => string; onChange: (value: T) => void; language?: (value: T) => string }): JSX.Element {
  const name = useId();
  return (
    <fieldset class="switch">
      <legend>{legend}</legend>
      <div>
        {values.map((one) => (
          <label key={one} lang={language?.(one)}>
            <input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} />
            <span>{label(one)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Language, text size and theme: a button that opens a small panel. Escape or a click elsewhere closes it. */
export function DisplayMenu(): JSX.Element {
  const t = useText(common);
  const settings = useSettings();
  const [open, setOpen] = useState(false);
  /** Chosen, and its texts are on their way. */
  const [coming, setComing] = useState<Language | null>(null);
  const panel = useId();
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    addEventListener('pointerdown', away);
    addEventListener('focusin', away);
    addEventListener('keydown', escape);
    return () => {
      removeEventListener('pointerdown', away);
      removeEventListener('focusin', away);
      removeEventListener('keydown', escape);
    };
  }, [open]);

  const choose = async (language: Language): Promise<void> => {
    setComing(language);
    if (!(await changeLanguage(language))) toast(t('settings.language.failed'), 'warning');
    // Where something else was chosen meanwhile, that one is awaited.
    setComing((now) => (now === language ? null : now));
  };

  const other = settings.language === 'ko' ? 'en' : 'ko';
  return (
    <div class="display-menu" ref={root}>
      <button type="button" class="button button-quiet button-small" lang={other} aria-busy={coming === other} onClick={() => void choose(other)}>
        {t(`settings.language.${other}`)}
      </button>
      <button ref={button} type="button" class="button button-quiet button-small" aria-expanded={open} aria-controls={panel} onClick={() => setOpen(!open)}>
        <Icon name="settings" />
        <span>{t('settings.open')}</span>
      </button>
      <div id={panel} class="display-panel" hidden={!open}>
        <Switch legend={t('settings.language')} values={LANGUAGES} value={coming ?? settings.language} label={(one) => t(`settings.language.${one}`)} language={(one) => one} onChange={(language) => void choose(language)} />
        <Switch legend={t('settings.text')} values={TEXT_SIZES} value={settings.textSize} label={(one) => t(`settings.text.${one}`)} onChange={(textSize) => changeSettings({ textSize })} />
        <Switch legend={t('settings.theme')} values={THEMES} value={settings.theme} label={(one) => t(`settings.theme.${one}`)} onChange={(theme) => changeSettings({ theme })} />
      </div>
    </div>
  );
}
