import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../button';
import { Checkbox, ChoiceList } from '../choice-list';
import { CodeField } from '../code-field';
import { ErrorSummary, type FormError } from '../error-summary';
import { DateTimeField, Select, TextArea, TextField } from '../field';
import { FileDrop } from '../file-drop';
import { RankList } from '../rank-list';
import { ScoreField } from '../score-field';

export function FieldExamples(): JSX.Element {
  const [text, setText] = useState('');
  const [district, setDistrict] = useState('');
  const [opens, setOpens] = useState('2011-08-23T21:00:00Z');
  const [file, setFile] = useState<File | null>(null);
  return (
    <>
      <TextField label="이름" value={text} onInput={setText} autoComplete="name" />
      <TextField label="전자우편" type="email" hint="일회용 번호를 보냅니다." value={text} onInput={setText} optional />
      <TextField label="선거인 수" type="number" size={8} suffix="명" value="8387" onInput={setText} error="0보다 큰 수를 적어 주십시오." />
      <TextField label="고정된 값" value="seoul-2011" onInput={setText} disabled />
      <TextArea label="투표 문구" hint="공고한 그대로 적습니다." value={text} onInput={setText} maxLength={400} />
      <Select label="자치구" placeholder="고르십시오" value={district} onChange={setDistrict} options={['종로구', '중구', '용산구'].map((name) => ({ value: name, label: name }))} />
      <DateTimeField label="투표 시작" value={opens} onChange={setOpens} />
      <FileDrop label="선거인명부" hint="CSV 또는 xlsx" accept=".csv,.xlsx" file={file} onFile={setFile} />
    </>
  );
}

export function CodeExamples(): JSX.Element {
  const [code, setCode] = useState('7QK2M9X4');
  const [otp, setOtp] = useState('');
  const [empty, setEmpty] = useState('');
  return (
    <>
      <CodeField label="투표 코드" hint="우편으로 받은 16자리입니다. 붙임표는 적지 않아도 됩니다." value={code} onInput={setCode} length={16} groups={[4]} />
      <CodeField label="인증 번호" kind="digits" autoComplete="one-time-code" value={otp} onInput={setOtp} length={6} groups={[3]} />
      <CodeField label="투표 코드" value={empty} onInput={setEmpty} length={16} groups={[4]} error="코드가 짧습니다. 16자리를 모두 적어 주십시오." />
    </>
  );
}

export function ChoiceExamples(): JSX.Element {
  const [one, setOne] = useState<string | null>('2');
  const [none, setNone] = useState<string | null>(null);
  const [many, setMany] = useState<readonly string[]>(['a', 'c']);
  const [agreed, setAgreed] = useState(false);
  return (
    <>
      <ChoiceList
        large
        legend="무상급식 지원범위에 관하여 하나를 고르십시오."
        hint="순서는 추첨으로 정했습니다."
        value={one}
        onChange={setOne}
        options={[
          { value: '1', mark: '1', label: '소득 하위 50%의 학생을 대상으로 2014년까지 단계적으로 무상급식을 실시', detail: '단계적 실시안' },
          { value: '2', mark: '2', label: '소득 구분 없이 모든 학생을 대상으로 초등학교는 2011년부터, 중학교는 2012년부터 전면적으로 실시', detail: '전면적 실시안' },
          { value: 'blank', label: '기권 (어느 것도 고르지 않음)' },
        ]}
      />
      <ChoiceList legend="찬성합니까?" error="하나를 골라 주십시오." value={none} onChange={setNone} options={[{ value: 'yes', label: '찬성' }, { value: 'no', label: '반대' }, { value: 'x', label: '고를 수 없음', disabled: true }]} />
      <ChoiceList
        many
        max={2}
        legend="두 사람까지 고르십시오."
        status={`2명까지 고를 수 있습니다. ${String(many.length)}명을 골랐습니다.`}
        value={many}
        onChange={setMany}
        options={[
          { value: 'a', mark: '1', label: '김한표', detail: '가나다 모임' },
          { value: 'b', mark: '2', label: '이두표', detail: '무소속' },
          { value: 'c', mark: '3', label: '박세표', detail: '무소속' },
        ]}
      />
      <Checkbox label="안내를 모두 읽었습니다" checked={agreed} onChange={setAgreed} detail="읽어야 다음으로 갈 수 있습니다." />
    </>
  );
}

const CANDIDATES = [
  { value: 'a', label: 'Anderson, Moira', detail: 'Independent' },
  { value: 'b', label: '김한표', detail: '가나다 모임' },
  { value: 'c', label: 'Campbell, Iain' },
  { value: 'd', label: '남궁아름다운이름', detail: '무소속' },
  { value: 'e', label: 'Macdonald, Effie' },
];

export function RankExamples(): JSX.Element {
  const [ranked, setRanked] = useState<readonly string[]>(['c', 'a']);
  const [none, setNone] = useState<readonly string[]>([]);
  const [full, setFull] = useState<readonly string[]>(['e', 'd', 'b']);
  return (
    <>
      <RankList legend="순위를 매기십시오" hint="원하는 만큼만 매겨도 됩니다." options={CANDIDATES} value={ranked} onChange={setRanked} />
      <RankList legend="아직 매기지 않음" options={CANDIDATES} value={none} onChange={setNone} error="1순위는 반드시 정해야 합니다." />
      <RankList legend="세 순위까지" options={CANDIDATES} value={full} onChange={setFull} max={3} />
    </>
  );
}

export function ScoreExamples(): JSX.Element {
  const [five, setFive] = useState<number | null>(3);
  const [ten, setTen] = useState<number | null>(null);
  const [hundred, setHundred] = useState<number | null>(85);
  return (
    <>
      <ScoreField label="공원 새로 만들기" detail="예산 3억 원" max={5} value={five} onChange={setFive} />
      <ScoreField label="도서관 넓히기" max={10} value={ten} onChange={setTen} error="점수를 골라 주십시오." />
      <ScoreField label="자전거길" max={100} value={hundred} onChange={setHundred} />
    </>
  );
}

export function FormExamples(): JSX.Element {
  const [name, setName] = useState('');
  const [vote, setVote] = useState<string | null>(null);
  const [errors, setErrors] = useState<readonly FormError[]>([]);
  const messageFor = (field: string): string | undefined => errors.find((error) => error.field === field)?.message;
  const submit = (): void => {
    const found: FormError[] = [];
    if (name === '') found.push({ field: 'name', message: '이름을 적어 주십시오.' });
    if (vote === null) found.push({ field: 'vote', message: '하나를 골라 주십시오.' });
    setErrors(found);
  };
  return (
    <form
      class="stack stack-l"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <ErrorSummary errors={errors} />
      <TextField id="name" label="이름" value={name} onInput={setName} error={messageFor('name')} />
      <ChoiceList id="vote" legend="찬반" value={vote} onChange={setVote} error={messageFor('vote')} options={[{ value: 'yes', label: '찬성' }, { value: 'no', label: '반대' }]} />
      <div class="row">
        <Button kind="primary" type="submit">
          확인
        </Button>
      </div>
    </form>
  );
}
