/** The admin console. */
import { start } from '../app/start';
import { routes } from '../pages/admin';
import { Console } from '../pages/admin/console';

start(<Console routes={routes} />);
