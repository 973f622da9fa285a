/** The booth, by itself: voters on slow connections download nothing else, and the English texts only to read them. */
import english from 'virtual:english';
import { firstLanguage } from '../app/language';
import { Router } from '../app/router';
import { start } from '../app/start';
import { keepApart } from '../i18n/apart';
import { booth } from '../i18n/booth';
import { translator } from '../i18n/catalogue';
import { common } from '../i18n/common';
import { routes } from '../pages/booth';
import { holdLink } from '../pages/booth/core/link';
import { Missing } from '../ui/missing';
import { Skeleton } from '../ui/progress';
import { Shell } from '../ui/shell';
import { toast } from '../ui/toast';

// Not a moment longer than need be: the link has the voting code.
holdLink();
keepApart(english, [common, booth]);
const korean = translator(booth, 'ko');
// Until the texts are here, a page without them.
start(
  <div class="shell" lang="ko">
    <main class="page">
      <h1 class="page-heading">{korean('loading.title')}</h1>
      <Skeleton label={korean('loading.body')} lines={5} />
    </main>
  </div>,
);
const asChosen = await firstLanguage();
start(
  <Shell>
    <Router routes={routes} missing={<Missing />} />
  </Shell>,
);
if (!asChosen) toast(korean('settings.language.failed'), 'warning');
