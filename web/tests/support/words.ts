/** The texts of every page in one language, so that one test drives the pages in both. */
import { adminOperate } from '../../src/i18n/admin-operate';
import { adminPeople } from '../../src/i18n/admin-people';
import { adminWizard } from '../../src/i18n/admin-wizard';
import { authority } from '../../src/i18n/authority';
import { booth } from '../../src/i18n/booth';
import { type Language, translator } from '../../src/i18n/catalogue';
import { check } from '../../src/i18n/check';
import { home } from '../../src/i18n/home';
import { observer } from '../../src/i18n/observer';
import { trustee } from '../../src/i18n/trustee';

export type { Language };

export const wordsOf = (language: Language) => ({
  language,
  people: translator(adminPeople, language),
  wizard: translator(adminWizard, language),
  operate: translator(adminOperate, language),
  authority: translator(authority, language),
  trustee: translator(trustee, language),
  booth: translator(booth, language),
  check: translator(check, language),
  home: translator(home, language),
  observer: translator(observer, language),
});

export type Words = ReturnType<typeof wordsOf>;
