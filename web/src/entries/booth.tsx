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
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';
import { toast } from '../ui/toast';

keepApart(english, [common, booth]);
const asChosen = await firstLanguage();
start(
  <Shell>
    <Router routes={routes} missing={<Missing />} />
  </Shell>,
);
if (!asChosen) toast(translator(common, 'ko')('settings.language.failed'), 'warning');
