import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, ButtonLink } from '../button';
import { Dialog } from '../dialog';
import { Disclosure } from '../disclosure';
import { CopyButton, Hash, Words } from '../hash';
import { Breadcrumbs, NavList, Pagination } from '../navigation';
import { Notice } from '../notice';
import { Section } from '../page';
import { Progress, Skeleton } from '../progress';
import { Qr } from '../qr';
import { Steps } from '../steps';
import { Tabs } from '../tabs';
import { TestBanner } from '../test-banner';
import { Badge, EmptyState } from '../timeline';
import { announce, toast } from '../toast';

export function TypeExamples(): JSX.Element {
  return (
    <>
      <p class="lead">서울특별시의 무상급식 지원범위에 관한 주민투표입니다. 두 안 가운데 하나를 골라 주십시오.</p>
      <h2>둘째 제목 Second heading</h2>
      <p>
        본문은 넉넉한 줄 간격으로 적습니다. 한국어는 낱말 사이에서만 줄을 바꾸고, <a href="#main">링크</a>와 <strong>강조</strong>, <code>코드 3f9a</code>가 함께 쓰입니다. Body text in
        Latin letters follows the same measure and rhythm, with 1,234,567 numerals.
      </p>
      <h3>셋째 제목 Third heading</h3>
      <ul>
        <li>투표 내용은 이 기기에서 암호화됩니다.</li>
        <li>누구도 한 사람의 표를 열어 볼 수 없습니다.</li>
      </ul>
      <p class="soft small">부드러운 작은 글씨 Soft small text</p>
      <pre>hanpyo-verify https://vote.example/board/seoul/meals --vkey …</pre>
      <div class="card stack">
        <h3>카드</h3>
        <p>관련된 것을 한데 모읍니다.</p>
      </div>
    </>
  );
}

export function ButtonExamples(): JSX.Element {
  const [busy, setBusy] = useState(true);
  return (
    <>
      <div class="row">
        <Button kind="primary">투표 제출하기</Button>
        <Button>이전</Button>
        <Button kind="quiet">검증하기</Button>
        <Button kind="danger">선거 무효 처리</Button>
      </div>
      <div class="row">
        <Button kind="primary" busy={busy} onClick={() => setBusy(true)}>
          보내는 중
        </Button>
        <Button disabled>누를 수 없음</Button>
        <Button kind="primary" disabled>
          누를 수 없음
        </Button>
        <Button onClick={() => setBusy(!busy)}>Busy on and off</Button>
      </div>
      <div class="row">
        <Button size="small" icon="print">
          인쇄
        </Button>
        <Button size="small" kind="quiet" icon="download">
          내려받기
        </Button>
        <Button kind="primary" size="large" icon="right">
          투표 시작하기
        </Button>
        <ButtonLink to="/examples" icon="left">
          링크
        </ButtonLink>
      </div>
      <Button kind="primary" size="large" wide>
        넓은 버튼
      </Button>
    </>
  );
}

export function NoticeExamples(): JSX.Element {
  return (
    <>
      <Notice title="아직 투표하지 않았습니다">제출 버튼을 눌러야 투표가 끝납니다.</Notice>
      <Notice kind="success" title="투표가 기록되었습니다">
        영수증을 이 기기에서 확인했습니다.
      </Notice>
      <Notice kind="warning" title="고르지 않은 항목이 있습니다">
        이대로 두면 기권으로 처리됩니다.
      </Notice>
      <Notice kind="danger" title="연결이 끊어졌습니다">
        접수 여부를 확인하고 있습니다. 창을 닫지 마십시오.
      </Notice>
      <Notice kind="test" title="시험 투표">
        이 투표는 실제 결과에 들어가지 않습니다.
      </Notice>
      <Notice>제목 없는 짧은 안내입니다.</Notice>
      <TestBanner test />
      <div class="row">
        <Badge>예정</Badge>
        <Badge kind="success">투표 중</Badge>
        <Badge kind="warning">승인 대기</Badge>
        <Badge kind="danger">무효</Badge>
        <Badge kind="test">시험</Badge>
        <Badge kind="plain">마감</Badge>
      </div>
      <Disclosure summary="자세히 보기">
        <p>보고 싶은 사람만 펼쳐 봅니다.</p>
      </Disclosure>
      <EmptyState title="아직 선거가 없습니다" action={<Button kind="primary">선거 만들기</Button>}>
        첫 선거를 만들어 보세요.
      </EmptyState>
    </>
  );
}

const STEPS = ['안내', '본인확인', '기표', '확인', '제출', '영수증'];

export function StepExamples(): JSX.Element {
  const [step, setStep] = useState(2);
  return (
    <>
      <Steps steps={STEPS} current={step} />
      <div class="row">
        <Button onClick={() => setStep(Math.max(0, step - 1))}>이전</Button>
        <Button onClick={() => setStep(Math.min(STEPS.length - 1, step + 1))}>다음</Button>
      </div>
      <Steps label="첫 단계" steps={STEPS} current={0} />
      <Steps label="마지막 단계" steps={STEPS} current={5} />
    </>
  );
}

export function HashExamples(): JSX.Element {
  const hash = '3b6fd1c24a88e07f9b1d52c3c0aa41e77d9e0f6b2c5a4d8e91b07f3a6c2d4e58';
  return (
    <>
      <Hash label="확인 번호" value="7QK2M9X4TB5RZ0HC8WVN3DJ6PA" groups={[5, 5, 5, 5, 6]} large />
      <Hash label="선거 공고의 지문 (SHA-256)" value={hash} copy />
      <Words label="지문의 낱말" words={['사과', '바다', '기차', '연필', '하늘', '구름', '나무', '편지', '시계', '다리', '별빛', '우산']} />
      <div class="row">
        <Qr data={`https://vote.example/e/seoul/meals/check#o=${hash}`} label="확인 화면의 주소 QR" />
        <Qr data="7QK2M9X4TB5RZ0HC8WVN3DJ6PA" label="확인 번호 QR" ecc="Q" />
      </div>
      <CopyButton text={hash} label="지문 복사" />
    </>
  );
}

export function ProgressExamples(): JSX.Element {
  return (
    <>
      <Progress label="표를 검증하는 중" value={6120} max={8387} detail="6,120 / 8,387표, 초당 412표" />
      <Progress label="암호화하는 중" />
      <Progress label="다 되었습니다" value={1} />
      <div class="card">
        <Skeleton label="불러오는 중" lines={4} />
      </div>
    </>
  );
}

export function DialogExamples(): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <>
      <div class="row">
        <Button onClick={() => setOpen(true)}>Open the dialog</Button>
        <Button onClick={() => toast('저장했습니다.')}>Toast</Button>
        <Button onClick={() => toast('연결이 느립니다.', 'warning')}>Warning toast</Button>
        <Button onClick={() => announce('눈에 보이지 않는 알림')}>Announce</Button>
      </div>
      <Dialog
        open={open}
        title="투표를 마감할까요?"
        onClose={() => setOpen(false)}
        actions={
          <>
            <Button kind="danger" onClick={() => setOpen(false)}>
              마감하기
            </Button>
            <Button onClick={() => setOpen(false)}>취소</Button>
          </>
        }
      >
        <p>마감하면 되돌릴 수 없습니다. 이미 접수된 표는 모두 기록됩니다.</p>
      </Dialog>
    </>
  );
}

export function NavigationExamples(): JSX.Element {
  const [tab, setTab] = useState('turnout');
  const [page, setPage] = useState(2);
  return (
    <>
      <Breadcrumbs crumbs={[{ label: '선거', to: '/examples' }, { label: '무상급식 주민투표', to: '/examples/type' }, { label: '명부' }]} />
      <NavList label="관리 메뉴" items={[{ label: '개요', to: '/examples/navigation', current: true }, { label: '명부', to: '/examples/tables' }, { label: '감사 기록', to: '/examples/timeline' }]} />
      <Tabs
        label="선거 현황"
        current={tab}
        onChange={setTab}
        tabs={[
          { key: 'turnout', label: '투표율', content: <p>구별 투표율</p> },
          { key: 'events', label: '사건', content: <p>사건 기록</p> },
          { key: 'record', label: '기록', content: <p>공개 기록</p> },
        ]}
      />
      <Section title="쪽 넘김" actions={<Button size="small">새로 고침</Button>}>
        <Pagination label="명부의 쪽" page={page} pages={12} onChange={setPage} />
      </Section>
    </>
  );
}
