import { describe, expect, test } from 'vitest';
import { contestsOf, type Event, initial, pause, type State } from './machine';
import { lossOf } from './leaving';
import { after, begun, CLOSES, election, loadedEvent, manifest, NOW, OPENS, pending, recorded, session, toMarking, toReview, toSending, toSubmit } from './testing';

const refused = (code: string, status = 409): Event => ({ event: 'refused', code, status, retryAfter: null, detail: '', now: NOW });
/** Of the monotonic clock. */
const ALARM = 60_000;
const stopOf = (state: State) => (state.stage.at === 'stopped' ? state.stage.stop : null);

describe('opening', () => {
  test('an open election shows its notice', () => {
    expect(begun(loadedEvent()).stage).toEqual({ at: 'notice' });
  });

  test.each([
    ['before its hours', { now: OPENS - 1 }, { why: 'before', opens: OPENS }],
    ['after its hours, by the clock of the server', { now: CLOSES }, { why: 'closed', closed: CLOSES }],
    ['closed early by the commission', { election: election({ phase: 'closed' }) }, { why: 'closed', closed: CLOSES }],
    ['counted', { election: election({ phase: 'finished' }) }, { why: 'closed', closed: CLOSES }],
    ['void', { election: election({ phase: 'void' }) }, { why: 'void' }],
    ['in its hours but not opened', { election: election({ phase: 'sealed' }) }, { why: 'before', opens: OPENS }],
    [
      'overnight between two days',
      {
        election: election({
          manifest: manifest({
            windows: [
              { opens: OPENS, closes: NOW - 10 },
              { opens: NOW + 10, closes: CLOSES },
            ],
          }),
        }),
      },
      { why: 'pause', opens: NOW + 10 },
    ],
  ])('%s there is no voting', (_, change, stop) => {
    expect(stopOf(begun(loadedEvent(change)))).toEqual(stop);
  });

  test('an unsettled cast is settled first, even after the end', () => {
    const [state, effects] = after(initial, loadedEvent({ pending, now: CLOSES + 100 }));
    expect(state.stage).toEqual({ at: 'settling', tries: 0 });
    expect(effects).toEqual([{ do: 'find', pending, wait: 0 }]);
  });
});

describe('identifying', () => {
  test('the one-time code is asked for, then taken for a session', () => {
    const [asked, ask] = after(initial, ...toMarking.slice(0, 3));
    expect(ask).toEqual([{ do: 'send-code', voter: 'V1' }]);
    // A second click does nothing while the first is under way.
    expect(after(asked, { event: 'identify', voter: 'V1' })[1]).toEqual([]);
    const [, start] = after(initial, ...toMarking.slice(0, 5));
    expect(start).toEqual([{ do: 'start-session', voter: 'V1', code: '123456' }]);
  });

  test('a wrong code stays where it was typed', () => {
    const state = begun(...toMarking.slice(0, 5), { event: 'trouble', trouble: { kind: 'wrong-code' } });
    expect(state.stage).toMatchObject({ at: 'one-time-code', busy: false, trouble: { kind: 'wrong-code' } });
  });

  test('who has voted already is told before marking, unless voting again is allowed', () => {
    const upTo = toMarking.slice(0, 5);
    const again: Event = { event: 'session', session: { ...session, hasCast: true } };
    expect(stopOf(begun(...upTo, again))).toEqual({ why: 'already-voted' });
    const revoting = loadedEvent({ election: election({ manifest: manifest({ revoting: true }) }) });
    expect(begun(revoting, ...upTo.slice(1), again)).toMatchObject({ stage: { at: 'one-time-code' }, again: true });
    // What is sent again after a break does not replace an earlier vote: it may be that vote.
    expect(begun(loadedEvent({ ...revoting, pending } as never), { event: 'found', found: 'unknown', alarm: ALARM }, ...toMarking.slice(2, 5), again).again).toBe(false);
    // The manifest may not allow what the law does not.
    const { profile } = manifest();
    const forbidden = loadedEvent({ election: election({ manifest: manifest({ revoting: true, profile: { ...profile, revoting_allowed: false } }) }) });
    expect(stopOf(begun(forbidden, ...upTo.slice(1), again))).toEqual({ why: 'already-voted' });
  });

  test.each([
    [{ revoked: true, struck: false, linkRevoked: false }, 'revoked'],
    [{ revoked: false, struck: false, linkRevoked: true }, 'revoked'],
    [{ revoked: false, struck: true, linkRevoked: false }, 'on-paper'],
  ])('the roll says %o', (roll, why) => {
    expect(stopOf(begun(...toMarking.slice(0, 6), { event: 'roll', ...roll }))).toEqual({ why });
  });

  test('a code is typed where the link brought none, for each authority', () => {
    const two = loadedEvent({ link: null, codes: [true, false] });
    const typing = begun(two, ...toMarking.slice(1, 7));
    expect(typing.stage).toEqual({ at: 'voting-code', busy: false, trouble: null });
    const [state, effects] = after(typing, { event: 'voting-codes', codes: [null, 'typed'] });
    expect(state.codes).toEqual([true, true]);
    expect(effects).toEqual([
      { do: 'take-codes', codes: [null, 'typed'] },
      { do: 'enter-credential', session },
    ]);
    // Someone else's code, wherever it came from: all of them are asked for.
    const [wrong] = after(state, { event: 'codes-gone' }, { event: 'trouble', trouble: { kind: 'voting-code', code: 'other_credential', place: 0, position: null, found: null } });
    expect(wrong).toMatchObject({ stage: { at: 'voting-code', busy: false }, codes: [false, false], link: null });
  });
});

describe('marking', () => {
  test('goes through the contests of the style, then to the review', () => {
    expect(begun(...toMarking).stage).toMatchObject({ at: 'mark', place: 0 });
    expect(begun(...toReview).stage).toEqual({ at: 'review', trouble: null });
  });

  test('an undervote is asked about, and an accepted blank is shown as one', () => {
    const asking = begun(...toMarking, { event: 'next' });
    expect(asking.stage).toMatchObject({ at: 'mark', place: 0, asking: { verdict: 'undervote', why: 'nothing' } });
    expect(after(asking, { event: 'keep-marking' })[0].stage).toMatchObject({ place: 0, asking: null });
    const [accepted] = after(asking, { event: 'accept-undervote' });
    expect(accepted.stage).toMatchObject({ at: 'mark', place: 1 });
    expect(accepted.marks[0]).toEqual({ kind: 'choose_one', option: 'blank' });
  });

  test('less than the least is blocked and cannot be accepted', () => {
    const blocked = begun(...toMarking, { event: 'mark', mark: { kind: 'choose_one', option: 0 } }, { event: 'next' }, { event: 'next' });
    expect(blocked.stage).toMatchObject({ at: 'mark', place: 1, blocked: { verdict: 'blocked', why: 'too_few', needed: 1 }, asking: null });
    expect(after(blocked, { event: 'accept-undervote' })[0]).toEqual(blocked);
  });

  test('a change from the review comes back to it', () => {
    const changing = begun(...toReview, { event: 'change', place: 0 });
    expect(changing.stage).toMatchObject({ at: 'mark', place: 0, back: true });
    const [review] = after(changing, { event: 'mark', mark: { kind: 'choose_one', option: 0 } }, { event: 'next' });
    expect(review.stage.at).toBe('review');
    expect(review.marks[0]).toEqual({ kind: 'choose_one', option: 0 });
  });

  test('what is encrypted is in the order of the ballot, not of the clicks', () => {
    const [, effects] = after(initial, ...toReview, { event: 'confirm' });
    expect(effects).toEqual([{ do: 'encrypt', contests: [0, 1], selections: [{ kind: 'choose_one', option: 1 }, { kind: 'choose', options: [0, 2] }] }]);
  });
});

describe('deciding', () => {
  test('changing the choices destroys the encrypted ballot', () => {
    const [state, effects] = after(initial, ...toSubmit, { event: 'reconsider' });
    expect(state).toMatchObject({ stage: { at: 'review' }, ballot: null });
    expect(effects).toEqual([{ do: 'destroy-ballot' }]);
  });

  test('a challenged ballot can never be cast', () => {
    const challenged = begun(...toSubmit, { event: 'challenge' }, { event: 'challenged', opening: new Uint8Array(1), entry: new Uint8Array(2) });
    expect(challenged.stage.at).toBe('challenged');
    expect(after(challenged, { event: 'cast' })).toEqual([challenged, []]);
    expect(after(challenged, { event: 'entry', pending })).toEqual([challenged, []]);
    const [again] = after(challenged, { event: 'reconsider' });
    expect(again.stage.at).toBe('review');
    expect(again.marks).not.toEqual({});
  });

  test('casting twice sends once', () => {
    const [state, effects] = after(initial, ...toSubmit, { event: 'cast' });
    expect(effects).toEqual([{ do: 'cast' }]);
    expect(after(state, { event: 'cast' })[1]).toEqual([]);
    expect(after(state, { event: 'challenge' })[1]).toEqual([]);
  });
});

describe('an interrupted cast', () => {
  test('is kept before it is sent, and the marks are gone', () => {
    const [state, effects] = after(initial, ...toSending);
    expect(state.marks).toEqual({});
    expect(effects).toEqual([
      { do: 'keep-pending', pending },
      { do: 'send', pending },
    ]);
  });

  test('is looked up by its code, not sent blindly', () => {
    const [state, effects] = after(initial, ...toSending, { event: 'lost' });
    expect(state.stage).toEqual({ at: 'settling', tries: 1 });
    expect(effects).toEqual([{ do: 'find', pending, wait: 0 }]);
  });

  test('that did not arrive is sent again: the same entry', () => {
    const [state, effects] = after(initial, ...toSending, { event: 'lost' }, { event: 'found', found: 'unknown', alarm: ALARM });
    expect(state.stage).toEqual({ at: 'sending', tries: 1 });
    expect(effects).toEqual([{ do: 'send', pending }]);
    // When that is lost too there is a pause before the next look.
    expect(after(state, { event: 'lost' })[1]).toEqual([{ do: 'wait', seconds: pause(2) }]);
  });

  test('that did arrive waits for its place, then for the proof', () => {
    const waiting = begun(...toSending, { event: 'lost' }, { event: 'found', found: 'pending', alarm: ALARM });
    expect(waiting.stage).toEqual({ at: 'recording', deadline: null, tries: 0 });
    const [done, effects] = after(waiting, { event: 'recorded', ballot: recorded, receipt: new Uint8Array(1) });
    expect(done).toMatchObject({ stage: { at: 'recorded' }, pending: null, session: null, marks: {} });
    expect(effects).toEqual([{ do: 'drop-pending' }, { do: 'destroy-credential' }]);
  });

  test('an acknowledged ballot that the server forgets is waited for, never sent as new', () => {
    const acknowledged = begun(...toSending, { event: 'acknowledged', deadline: NOW + 60, alarm: ALARM });
    const [state, effects] = after(acknowledged, { event: 'found', found: 'unknown', alarm: ALARM });
    expect(state.stage).toEqual({ at: 'recording', deadline: NOW + 60, tries: 1 });
    expect(effects).toEqual([{ do: 'wait', seconds: pause(1) }]);
  });

  test('after a reload the voter identifies, and the same entry goes out without a code or marks', () => {
    const identify = begun(loadedEvent({ pending, link: null, codes: [false] }), { event: 'found', found: 'unknown', alarm: ALARM });
    expect(identify.stage.at).toBe('identify');
    const [state, effects] = after(identify, ...toMarking.slice(2, 6));
    expect(state.stage.at).toBe('sending');
    expect(effects).toEqual([{ do: 'forget-codes' }, { do: 'send', pending }]);
  });

  test('is not given up when the session ends meanwhile', () => {
    const [state, effects] = after(initial, ...toSending, { event: 'lost' }, { event: 'session-over' });
    expect(state).toMatchObject({ stage: { at: 'settling' }, session: null, pending });
    expect(effects).toEqual([]);
    expect(after(state, { event: 'found', found: 'unknown', alarm: ALARM })[0].stage.at).toBe('identify');
  });

  test('a failing proxy is no refusal', () => {
    expect(begun(...toSending, refused('unknown', 502)).stage.at).toBe('settling');
    expect(begun(...toSending, refused('internal', 500)).stage.at).toBe('settling');
  });

  test('a full queue waits as long as the server says, then sends the same entry', () => {
    const [state, effects] = after(initial, ...toSending, { event: 'refused', code: 'busy', status: 503, retryAfter: 7, ahead: 1234, detail: '', now: NOW });
    expect(state.stage).toEqual({ at: 'waiting', reason: 'busy', seconds: 7, ahead: 1234 });
    expect(effects).toEqual([{ do: 'wait', seconds: 7 }]);
    const [, resent] = after(state, { event: 'waited' });
    expect(resent).toEqual([{ do: 'send', pending }]);
  });

  test('an answer that proves nothing is an alarm, and the ballot is not forgotten', () => {
    const evidence = new Uint8Array([9]);
    const alarm = begun(...toSending, { event: 'acknowledged', deadline: NOW, alarm: ALARM }, { event: 'unproven', what: 'receipt', detail: 'no', evidence });
    expect(alarm).toMatchObject({ stage: { at: 'unproven', evidence }, pending });
    expect(after(alarm, { event: 'retry' })[1]).toEqual([{ do: 'find', pending, wait: 0 }]);
  });

  test.each([
    ['already-voted', { why: 'already-voted', cast: false, earlier: true }],
    ['stale-counter', { why: 'stale-counter', cast: false, earlier: true }],
    ['struck', { why: 'on-paper', cast: false }],
    ['revoked', { why: 'revoked', cast: false }],
    ['closed', { why: 'closed', closed: CLOSES, cast: false, earlier: false }],
    ['invalid-ballot', { why: 'failed', detail: 'invalid-ballot', cast: false, earlier: false }],
  ])('refused for good as %s it is dropped and said not to be cast', (code, stop) => {
    const [state, effects] = after(initial, ...toSending, refused(code));
    expect(stopOf(state)).toEqual(stop);
    expect(state.pending).toBeNull();
    expect(effects).toContainEqual({ do: 'drop-pending' });
  });

  test.each([
    ['unknown', 408],
    ['unknown', 413],
    ['unknown', 401],
    ['unknown', 404],
    ['refused', 451],
  ])('what is not hanpyo-server’s answer (%s, %i) refuses nothing: it is looked up', (code, status) => {
    const [state, effects] = after(initial, ...toSending, refused(code, status));
    expect(state).toMatchObject({ stage: { at: 'settling', tries: 1 }, pending, doubt: true });
    expect(effects).toEqual([{ do: 'find', pending, wait: 0 }]);
    // Neither does it when it answers the look-up.
    const [asking, wait] = after(state, refused(code, status));
    expect(asking).toMatchObject({ stage: { at: 'settling', tries: 2 }, pending });
    expect(wait).toEqual([{ do: 'wait', seconds: pause(2) }]);
  });

  test('a refusal after a lost attempt is said only once a look-up has shown that nothing arrived', () => {
    const again = begun(...toSending, { event: 'lost' }, { event: 'found', found: 'unknown', alarm: ALARM });
    expect(again).toMatchObject({ stage: { at: 'sending' }, doubt: true });
    const [asking, effects] = after(again, refused('closed'));
    expect(asking).toMatchObject({ stage: { at: 'settling', refused: { why: 'closed' } }, pending });
    expect(effects).toEqual([{ do: 'find', pending, wait: 0 }]);
    expect(after(asking, { event: 'found', found: 'pending', alarm: ALARM })[0]).toMatchObject({ stage: { at: 'recording' }, pending });
    expect(after(asking, { event: 'recorded', ballot: recorded, receipt: new Uint8Array(1) })[0].stage.at).toBe('recorded');
    // It outlasts look-ups without an answer.
    const [over, done] = after(asking, { event: 'lost' }, { event: 'waited' }, refused('busy', 503), { event: 'waited' }, { event: 'found', found: 'unknown', alarm: ALARM });
    expect(stopOf(over)).toEqual({ why: 'closed', closed: CLOSES, cast: false, earlier: false });
    expect(over.pending).toBeNull();
    expect(done).toContainEqual({ do: 'drop-pending' });
  });

  test('a ballot from before a reload may have been sent: its refusal is looked up too', () => {
    const resent = begun(loadedEvent({ pending }), { event: 'found', found: 'unknown', alarm: ALARM }, ...toMarking.slice(2, 6));
    expect(resent.stage.at).toBe('sending');
    expect(after(resent, refused('already-voted'))[0]).toMatchObject({ stage: { at: 'settling', refused: { why: 'already-voted' } }, pending });
  });

  test.each([503, 429])('a look-up that is turned away (%i) leaves the voter where they are, for as long as the server says', (status) => {
    const busy: Event = { event: 'refused', code: 'busy', status, retryAfter: 20, detail: '', now: NOW };
    const acknowledged = begun(...toSending, { event: 'acknowledged', deadline: NOW + 60, alarm: ALARM });
    const [state, effects] = after(acknowledged, busy);
    expect(state).toMatchObject({ stage: { at: 'recording', deadline: NOW + 60 }, alarm: ALARM });
    expect(effects).toEqual([{ do: 'wait', seconds: 20 }]);
    expect(after(state, { event: 'waited' })[1]).toEqual([{ do: 'find', pending, wait: 15 }]);
    const [settling, wait] = after(initial, ...toSending, { event: 'lost' }, busy);
    expect(settling.stage).toEqual({ at: 'settling', tries: 2 });
    expect(wait).toEqual([{ do: 'wait', seconds: 20 }]);
  });

  test('no answer has the voter wait for hours', () => {
    expect(after(initial, ...toSending, { event: 'refused', code: 'busy', status: 503, retryAfter: 1e12, detail: '', now: NOW })[1]).toEqual([{ do: 'wait', seconds: 600 }]);
  });

  test('while waiting, "not yet voted" is known only where every attempt was turned away', () => {
    expect(begun(...toSending, refused('busy', 503)).doubt).toBe(false);
    expect(begun(...toSending, refused('unknown', 503)).doubt).toBe(true);
    const after503 = begun(...toSending, { event: 'lost' }, { event: 'found', found: 'unknown', alarm: ALARM }, refused('busy', 503));
    expect(after503).toMatchObject({ stage: { at: 'waiting' }, doubt: true });
    // It is looked up before it is sent again.
    expect(after(after503, { event: 'waited' })[1]).toEqual([{ do: 'find', pending, wait: 0 }]);
    // A ballot made anew is in no doubt.
    expect(begun(...toSending, { event: 'lost' }, { event: 'found', found: 'unknown', alarm: ALARM }, refused('invalid-ballot', 422), { event: 'found', found: 'unknown', alarm: ALARM }, { event: 'again' }, ...toSending).doubt).toBe(false);
  });

  test('no answer puts the alarm off', () => {
    const late: Event = { event: 'acknowledged', deadline: NOW + 1e9, alarm: ALARM + 5000 };
    const state = begun(...toSending, { event: 'lost' }, { event: 'found', found: 'pending', alarm: ALARM }, { event: 'found', found: 'unknown', alarm: ALARM + 3000 }, late, { event: 'found', found: 'pending', alarm: ALARM + 9000 });
    expect(state).toMatchObject({ stage: { at: 'recording' }, alarm: ALARM });
  });

  describe('of who votes again', () => {
    const again: Event[] = toSending.map((event) => (event.event === 'loaded' ? loadedEvent({ election: election({ manifest: manifest({ revoting: true }) }) }) : event.event === 'session' ? { event: 'session', session: { ...session, hasCast: true } } : event));

    test.each(['closed', 'not-open', 'stale-counter', 'already-voted', 'invalid-ballot'])('refused as %s: the earlier vote stands, and the page says so', (code) => {
      expect(stopOf(begun(...again, refused(code)))).toMatchObject({ cast: false, earlier: true });
    });

    test('ended by the session: likewise', () => {
      expect(stopOf(begun(...again.slice(0, toReview.length), { event: 'session-over' }))).toEqual({ why: 'session-over', earlier: true });
    });
  });

  test('nothing but a verified receipt says recorded', () => {
    const events: Event[] = [{ event: 'acknowledged', deadline: NOW, alarm: ALARM }, { event: 'found', found: 'pending', alarm: ALARM }, { event: 'found', found: 'unknown', alarm: ALARM }, { event: 'lost' }, { event: 'waited' }, { event: 'retry' }, refused('busy', 503), refused('internal', 500)];
    for (const first of events) for (const second of events) expect(begun(...toSending, first, second).stage.at).not.toBe('recorded');
  });
});

describe('the end of the session', () => {
  test.each([
    ['marking', toMarking],
    ['the review', toReview],
    ['the decision', toSubmit],
  ])('at %s wipes the marks and says so', (_, events) => {
    const [state, effects] = after(initial, ...events, { event: 'session-over' });
    expect(stopOf(state)).toEqual({ why: 'session-over', earlier: false });
    expect(state).toMatchObject({ session: null, marks: {}, ballot: null });
    expect(effects).toEqual([{ do: 'destroy-credential' }]);
    expect(after(state, { event: 'again' })[0]).toMatchObject({ stage: { at: 'identify' }, codes: [false], link: null });
  });

  test('before the code was entered takes the code of the link', () => {
    const [state] = after(initial, ...toMarking.slice(0, 6), { event: 'session-over' });
    expect(state.codes).toEqual([false]);
    const typing = begun(...toMarking.slice(0, 6), { event: 'session-over' }, { event: 'again' }, ...toMarking.slice(2, 7));
    expect(typing.stage).toEqual({ at: 'voting-code', busy: false, trouble: null });
  });

  test('wipes marks that wait for their code to be typed again', () => {
    const waiting = begun(...toReview, { event: 'codes-gone' }, { event: 'credential-lost' });
    expect(waiting).toMatchObject({ stage: { at: 'voting-code' }, style: 0 });
    expect(waiting.marks).not.toEqual({});
    expect(lossOf(waiting)).toBe('marks');
    expect(after(waiting, { event: 'session-over' })[0]).toMatchObject({ stage: { at: 'stopped' }, marks: {} });
    // Marks are of a ballot style: those of another one are not taken over.
    const [other] = after(waiting, { event: 'voting-codes', codes: ['typed'] }, { event: 'credential', style: 1 });
    expect(other).toMatchObject({ stage: { at: 'mark', place: 0 }, style: 1, marks: {} });
  });

  test('while another device compares leaves the opened ballot, and nothing to make a new one of', () => {
    const [compared, effects] = after(initial, ...toSubmit, { event: 'challenge' }, { event: 'challenged', opening: new Uint8Array(1), entry: new Uint8Array(2) }, { event: 'session-over' });
    expect(compared).toMatchObject({ stage: { at: 'challenged' }, session: null, style: null, marks: {}, ballot: { code: 'CODE' } });
    expect(effects).toEqual([{ do: 'destroy-credential' }]);
    const [over] = after(compared, { event: 'reconsider' });
    expect(stopOf(over)).toEqual({ why: 'session-over', earlier: false });
    expect(after(over, { event: 'again' })[0].stage.at).toBe('identify');
  });

  test('no step back leads before the first contest, nor to one of no ballot', () => {
    const first = begun(...toMarking);
    expect(after(first, { event: 'back' })[0].stage).toMatchObject({ at: 'mark', place: 0 });
    const review: State = { ...begun(...toReview), style: null };
    expect(after(review, { event: 'back' })[0]).toEqual(review);
  });

  test('an extension only moves it', () => {
    const before = begun(...toReview);
    const [state] = after(before, { event: 'extended', session: { ...session, expires: NOW + 9999 } });
    expect(state).toEqual({ ...before, session: { ...session, expires: NOW + 9999 } });
  });

  test.each([
    ['another ballot style', { style: 1 }, 'bad-record'],
    ['another ballot style and credential', { style: 1, credential: 4 }, 'bad-record'],
    ['a credential issued meanwhile', { credential: 4 }, 'revoked'],
  ])('an extension with %s ends the session instead of changing the ballot', (_, change, why) => {
    for (const events of [toMarking, toReview, toSubmit]) {
      const [state, effects] = after(initial, ...events, { event: 'extended', session: { ...session, expires: NOW + 9999, ...change } });
      expect(stopOf(state)?.why).toBe(why);
      expect(state).toMatchObject({ session: null, style: null, marks: {}, ballot: null });
      expect(effects).toContainEqual({ do: 'destroy-credential' });
    }
    const sending = begun(...toSending);
    expect(after(sending, { event: 'extended', session: { ...session, ...change } })).toEqual([sending, []]);
  });

  test('what is shown is of the style that the roll gives, whatever the session says', () => {
    const two = manifest({ styles: [{ title: { ko: '', en: '' }, contests: [0] }, { title: { ko: '', en: '' }, contests: [1] }] });
    const [loaded, ...rest] = toMarking;
    expect(loaded?.event).toBe('loaded');
    const at = (style: number) => begun(loadedEvent({ election: election({ manifest: two }) }), ...rest.slice(0, -1), { event: 'credential', style });
    expect(contestsOf(at(0)).map(({ number }) => number)).toEqual([0]);
    expect(contestsOf(at(1)).map(({ number }) => number)).toEqual([1]);
  });
});
