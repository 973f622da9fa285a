/** Home, election home, booth, check page, the trustees' status and the printed forms. */
import { Router } from '../app/router';
import { start } from '../app/start';
import { routes as booth } from '../pages/booth';
import { routes as check } from '../pages/check';
import { routes as home } from '../pages/home';
import { routes as papers } from '../pages/papers';
import { routes as trusteeStatus } from '../pages/trustee-status';
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';

start(
  <Shell>
    <Router routes={[...home, ...booth, ...check, ...trusteeStatus, ...papers]} missing={<Missing />} />
  </Shell>,
);
