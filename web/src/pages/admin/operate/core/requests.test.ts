import { expect, test } from 'vitest';
import { command, forAuthority, quoted, type Request } from './requests';

const request = (change: Partial<Request>): Request => ({ id: 7, voter: 3, voter_id: 'V00003', name: '홍길동', kind: 'reissue', credential_index: 12, reason: "lost the voter's letter", requested_by_login: 'asker', requested_by: 1, requested_at: '2026-11-22T01:00:00Z', state: 'open', ...change });

test('the authority revokes first and re-issues once the revocation is on the board', () => {
  expect(command(request({}), 'https://vote.example/board/city/meals/', 'v+1+k')).toBe("hanpyo-authority --secret authority.age revoke --index 12 --reason 'lost the voter'\\''s letter' --board https://vote.example/board/city/meals/ --vkey 'v+1+k'");
  expect(command(request({ state: 'revocation_proposed' }), 'b', 'v')).toBeNull();
  expect(command(request({ state: 'revoked' }), 'b', 'v')).toContain('reissue --index 12 --out issued');
  for (const state of ['refused', 'reissued', 'accepted'] as const) expect(command(request({ state }), 'b', 'v')).toBeNull();
});

test('a reason cannot end its quotes', () => {
  expect(quoted("'; rm -rf ~ #")).toBe("''\\''; rm -rf ~ #'");
});

test('the file holds what is to be signed and no contacts', () => {
  const file = forAuthority([request({}), request({ id: 8, kind: 'contact', contact: 'secret@example.org' }), request({ id: 9, state: 'refused' })], 'b', 'v');
  expect(file.split('\r\n').filter(Boolean)).toHaveLength(2);
  expect(file).toContain('V00003');
  expect(file).not.toContain('secret@example.org');
});
