/** The admin console. */
import { Router } from '../app/router';
import { start } from '../app/start';
import { routes } from '../pages/admin';
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';

start(
  <Shell home="/admin" wide>
    <Router routes={routes} missing={<Missing home="/admin" />} />
  </Shell>,
);
