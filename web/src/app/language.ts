/** A language is shown once its texts are there; until then, and if they cannot be had, the page stays as it is. */
import { englishReady } from '../i18n/apart';
import type { Language } from '../i18n/catalogue';
import { changeSettings, settingsNow, tryOn } from './settings';

let turn = 0;

/** Changes the language and keeps the choice. False when its texts cannot be had, unless something else was chosen meanwhile. */
export async function changeLanguage(language: Language): Promise<boolean> {
  turn += 1;
  const mine = turn;
  const there = language !== 'en' || (await englishReady());
  if (mine !== turn) return true;
  if (there) changeSettings({ language });
  return there;
}

/** Before the first rendering: Korean, for this visit, if the texts of the language that was chosen cannot be had. */
export async function firstLanguage(): Promise<boolean> {
  if (settingsNow().language !== 'en' || (await englishReady())) return true;
  tryOn({ language: 'ko' });
  return false;
}
