/** Home, election home, booth, check page and the trustees' status. */
import { Router } from '../app/router';
import { start } from '../app/start';
import { routes as booth } from '../pages/booth';
import { routes as check } from '../pages/check';
import { routes as home } from '../pages/home';
import { routes as trusteeStatus } from '../pages/trustee-status';
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';

start(
  <Shell>
    <Router routes={[...home, ...booth, ...check, ...trusteeStatus]} missing={<Missing />} />
  </Shell>,
);
