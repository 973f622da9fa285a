/** The trustee's own pages, served on loopback by `hanpyo-trustee ui`. */
import { Router } from '../app/router';
import { start } from '../app/start';
import { routes } from '../pages/trustee';
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';

start(
  <Shell>
    <Router routes={routes} missing={<Missing />} />
  </Shell>,
);
