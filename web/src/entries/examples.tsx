/** The examples of every component; never shipped. */
import { Router } from '../app/router';
import { start } from '../app/start';
import { routes } from '../ui/examples';
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';

start(
  <Shell home="/examples" wide>
    <Router routes={routes} missing={<Missing home="/examples" />} />
  </Shell>,
);
