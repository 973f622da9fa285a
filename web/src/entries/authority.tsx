/** The authority's own pages, served on loopback by `hanpyo-authority ui`. */
import { Router } from '../app/router';
import { start } from '../app/start';
import { routes } from '../pages/authority';
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';

start(
  <Shell>
    <Router routes={routes} missing={<Missing />} />
  </Shell>,
);
