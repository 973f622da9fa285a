import type { JSX } from 'preact';
import { useFormat } from '../../i18n';
import { BarChart } from '../bar-chart';
import { LineChart } from '../line-chart';
import { Stat, Stats } from '../stat';
import { SummaryList } from '../summary-list';
import { Table } from '../table';
import { Timeline } from '../timeline';
import { Link } from '../../app/router';

interface District {
  name: string;
  electors: number;
  voted: number;
}

/** Figures for show. */
const DISTRICTS: readonly District[] = [
  { name: '서초구', electors: 329_547, voted: 119_373 },
  { name: '강남구', electors: 458_355, voted: 162_244 },
  { name: '송파구', electors: 537_323, voted: 164_401 },
  { name: '강동구', electors: 387_011, voted: 107_101 },
  { name: '종로구', electors: 137_722, voted: 34_632 },
  { name: '금천구', electors: 202_193, voted: 40_966 },
];

/** Hour (Korean time) and turnout in per cent of the Seoul referendum of 24 August 2011. */
const TURNOUT_2011 = [[6, 0], [10, 9.2], [11, 11.5], [12, 13.4], [14, 17.1], [16, 19.6], [18, 22.1], [19, 23.5], [20, 25.7]] as const;

/** Two days from 06:00 to 18:00 (Korean time), level in the night. */
const TWO_DAYS = ([[6, 0], [6.5, 310], [9, 900], [12, 1_600], [18, 2_480], [30, 2_480], [30.5, 2_700], [36, 3_390], [42, 4_120]] as const).map(([hour, value]) => ({
  at: new Date(Date.parse('2026-11-21T15:00:00Z') + hour * 3_600_000).toISOString(),
  value,
}));

export function TableExamples(): JSX.Element {
  const format = useFormat();
  const electors = DISTRICTS.reduce((sum, one) => sum + one.electors, 0);
  const voted = DISTRICTS.reduce((sum, one) => sum + one.voted, 0);
  return (
    <>
      <Table
        caption="구별 투표율"
        rows={DISTRICTS}
        rowKey={(row) => row.name}
        columns={[
          { key: 'name', header: '자치구', cell: (row) => row.name, sortBy: (row) => row.name, rowHeader: true },
          { key: 'electors', header: '선거인', cell: (row) => format.number(row.electors), sortBy: (row) => row.electors, numeric: true },
          { key: 'voted', header: '투표', cell: (row) => format.number(row.voted), sortBy: (row) => row.voted, numeric: true },
          { key: 'rate', header: '투표율', cell: (row) => format.percent(row.voted, row.electors), sortBy: (row) => row.voted / row.electors, numeric: true },
        ]}
        foot={['합계', format.number(electors), format.number(voted), format.percent(voted, electors)]}
      />
      <Table<District> caption="빈 표" rows={[]} rowKey={(row) => row.name} columns={[{ key: 'name', header: '이름', cell: (row) => row.name, rowHeader: true }]} />
    </>
  );
}

export function ChartExamples(): JSX.Element {
  const format = useFormat();
  return (
    <>
      <BarChart
        title="구별 투표율"
        note={format.dateTime('2011-08-24T11:00:00Z')}
        max={40}
        mark={{ value: 25, label: '의결 정족수 25%' }}
        bars={DISTRICTS.map((row) => ({ key: row.name, label: row.name, value: (row.voted / row.electors) * 100, shown: format.percent(row.voted, row.electors), detail: `${format.number(row.voted)}표` }))}
      />
      <BarChart
        title="결과"
        bars={[
          { key: '1', label: '전면적 실시', value: 1_210, strong: true },
          { key: '2', label: '단계적 실시', value: 902 },
          { key: 'blank', label: '기권', value: 0 },
        ]}
      />
      <LineChart
        title="하루의 투표율"
        summary="오전 6시에 시작하여 오후 8시까지 25.7%로 올랐습니다."
        valueLabel="투표율"
        max={40}
        mark={{ value: 33.3, label: '33.3%' }}
        shown={(value) => format.percent(value, 100, 0)}
        points={TURNOUT_2011.map(([hour, value]) => ({ at: new Date(Date.parse('2011-08-23T15:00:00Z') + hour * 3_600_000).toISOString(), value }))}
      />
      <LineChart
        title="이틀 동안의 투표자"
        summary="이틀 동안 투표자가 4,120명이 되었고, 밤에는 그대로였습니다."
        valueLabel="투표자"
        points={TWO_DAYS}
        rows={TWO_DAYS.filter(({ at }) => at.endsWith(':00:00.000Z'))}
      />
    </>
  );
}

export function StatExamples(): JSX.Element {
  const format = useFormat();
  return (
    <>
      <Stats>
        <Stat label="선거인" value={format.number(8_387_278)} />
        <Stat label="투표" value={format.number(2_157_744)} detail="종이 12,004표 포함" />
        <Stat label="투표율" value={format.percent(2_157_744, 8_387_278)} detail="정족수 25.0% 이상" />
      </Stats>
      <SummaryList
        rows={[
          { key: '1', label: '무상급식 지원범위', value: '전면적 실시안', action: <Link to="/examples/choices">수정</Link> },
          { key: '2', label: '순위', value: '1. 김한표, 2. 이두표', action: <Link to="/examples/rank">수정</Link> },
        ]}
      />
    </>
  );
}

export function TimelineExamples(): JSX.Element {
  return (
    <Timeline
      label="사건"
      events={[
        { key: 1, at: '2011-08-01T00:00:00Z', title: '선거 공고 확정', detail: <p>두 사람이 승인했습니다.</p> },
        { key: 2, at: '2011-08-23T21:00:00Z', title: '투표 시작', kind: 'success' },
        { key: 3, at: '2011-08-24T03:00:00Z', title: '전자 투표소 연결 지연', kind: 'warning' },
        { key: 4, at: '2011-08-24T11:00:00Z', title: '투표 마감' },
        { key: 5, at: '2011-08-24T12:00:00Z', title: '갈라진 기록이 발견됨', kind: 'danger' },
      ]}
    />
  );
}
