/** Starts a page: styles, then the component into `#app`. Each entry calls it once. */
import '../ui/styles';
import { type ComponentChild, render } from 'preact';

export function start(root: ComponentChild): void {
  const place = document.getElementById('app');
  if (!place) throw new Error('the page has no #app');
  render(root, place);
}
