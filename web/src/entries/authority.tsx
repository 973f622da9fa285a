/** The authority's own pages, served on loopback by `hanpyo-authority ui`. */
import type { JSX } from 'preact';
import { Router } from '../app/router';
import { start } from '../app/start';
import { useText } from '../i18n';
import { authority as texts } from '../i18n/authority';
import { routes } from '../pages/authority';
import { Missing } from '../ui/missing';
import { Shell } from '../ui/shell';

function Pages(): JSX.Element {
  const t = useText(texts);
  return (
    <Shell name={t('name')}>
      <Router routes={routes} missing={<Missing />} />
    </Shell>
  );
}

start(<Pages />);
