/** The observer's page. */
import { Router } from '../app/router';
import { start } from '../app/start';
import { routes } from '../pages/observer';
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';

start(
  <Shell wide>
    <Router routes={routes} missing={<Missing />} />
  </Shell>,
);
