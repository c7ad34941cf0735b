import { dunsNumber } from '../../program/duns-number.ts';

describe('dunsNumber', () => {
  it.each([
    ['DUNS 150483782', '150483782'],
    ['D-U-N-S: 15-048-3782', '150483782'],
    ['duns no. 15 048 3782', '150483782'],
    ['DUNS# 150483782', '150483782'],
    ['ＤＵＮＳ １５０４８３７８２', '150483782'],
  ])('reads %p', (text, expected) => {
    expect(dunsNumber(text)).toBe(expected);
  });

  it.each(['150483782', 'DUNS 15048378', 'DUNS 1504837821', 'DUNS 000000000', 'DUNS 999999999', 'DUNS n/a', 'DUNSTER 150483782', '', null])(
    'finds none in %p',
    (text) => {
      expect(dunsNumber(text)).toBeNull();
    },
  );
});
