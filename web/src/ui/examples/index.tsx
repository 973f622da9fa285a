/** Every component with its states, for looking and for the tests of accessibility. Never shipped, so its texts are its own. */
import type { ComponentType, JSX } from 'preact';
import { Link, type Params, type Route } from '../../app/router';
import { Page } from '../page';
import { ChoiceExamples, CodeExamples, FieldExamples, FormExamples, RankExamples, ScoreExamples } from './forms';
import { ChartExamples, StatExamples, TableExamples, TimelineExamples } from './data';
import { ButtonExamples, DialogExamples, HashExamples, NavigationExamples, NoticeExamples, ProgressExamples, StepExamples, TypeExamples } from './basics';

/** Address below /examples -> title and examples. */
const EXAMPLES: Readonly<Record<string, { title: string; show: ComponentType }>> = {
  type: { title: 'Type and layout', show: TypeExamples },
  buttons: { title: 'Buttons', show: ButtonExamples },
  notices: { title: 'Notices, badges, empty state', show: NoticeExamples },
  steps: { title: 'Step indicator', show: StepExamples },
  fields: { title: 'Text, select, date, file', show: FieldExamples },
  codes: { title: 'Code field', show: CodeExamples },
  choices: { title: 'Choice list', show: ChoiceExamples },
  rank: { title: 'Rank list', show: RankExamples },
  scores: { title: 'Scores', show: ScoreExamples },
  forms: { title: 'A form with errors', show: FormExamples },
  tables: { title: 'Table', show: TableExamples },
  charts: { title: 'Charts', show: ChartExamples },
  stats: { title: 'Statistics and summary list', show: StatExamples },
  timeline: { title: 'Timeline', show: TimelineExamples },
  hashes: { title: 'Hashes, words, QR', show: HashExamples },
  progress: { title: 'Progress and skeleton', show: ProgressExamples },
  dialogs: { title: 'Dialog, toast', show: DialogExamples },
  navigation: { title: 'Tabs, breadcrumbs, pagination', show: NavigationExamples },
};

function List(): JSX.Element {
  return (
    <Page title="Components" lead="Each with its states. Change language, text size and theme at the top.">
      <ul>
        {Object.entries(EXAMPLES).map(([key, { title }]) => (
          <li key={key}>
            <Link to={`/examples/${key}`}>{title}</Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}

function One({ params }: { params: Params }): JSX.Element {
  const example = EXAMPLES[params['name'] ?? ''];
  if (!example) return <List />;
  const Show = example.show;
  return (
    <Page title={example.title} above={<Link to="/examples">All components</Link>}>
      <Show />
    </Page>
  );
}

export const routes: readonly Route[] = [
  { path: '/examples', page: List },
  { path: '/examples/:name', page: One },
];
