/** The booth, by itself: voters on slow connections download nothing else. */
import { Router } from '../app/router';
import { start } from '../app/start';
import { routes } from '../pages/booth';
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';

start(
  <Shell>
    <Router routes={routes} missing={<Missing />} />
  </Shell>,
);
