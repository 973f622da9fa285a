/** The styles that every page has; components import their own. */
import './tokens.css';
import './base.css';
import './print.css';
