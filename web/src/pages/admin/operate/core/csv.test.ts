import { expect, test } from 'vitest';
import { csv } from './csv';

test('fields are quoted where they must be, and no field is a formula', () => {
  expect(csv(['a', 'b'], [['plain', 'a "b", c\nd'], [-5, '=1+1'], ['＠sum', '홍길동']])).toBe('\ufeffa,b\r\nplain,"a ""b"", c\nd"\r\n-5,\'=1+1\r\n\'＠sum,홍길동\r\n');
});
