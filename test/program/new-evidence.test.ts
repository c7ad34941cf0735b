import { bringsSomethingNew, identityOfPiece } from '../../program/new-evidence.ts';

const KNOWN = [
  'We met Dana in May.',
  { kind: 'letter', summary: 'Letter of intent', url: 'https://www.files.example/Letter.pdf#page=2', date: '2026-05-03' },
  null,
];

describe('bringsSomethingNew', () => {
  it.each<[string, readonly unknown[], boolean]>([
    ['nothing', [], false],
    ['the same words', ['We met Dana in May.'], false],
    ['the same words in another dress', ['  WE MET Dana – in may!\n'], false],
    ['the same words as a summary', [{ kind: 'note', summary: 'we met dana in May' }], false],
    ['other words', ['We met Dana in June.'], true],
    ['the same document under other words', [{ kind: 'proof', summary: 'Entirely new', url: 'http://files.example/letter.pdf' }], false],
    ['another document under the same words', [{ kind: 'letter', summary: 'Letter of intent', url: 'https://files.example/2.pdf' }], true],
    ['the same address with another query', [{ kind: 'letter', summary: 'x', url: 'https://files.example/letter.pdf?version=2' }], true],
    ['something old and something new', ['We met Dana in May.', 'An order of June.'], true],
    ['nothing but punctuation', ['…', ' - '], false],
    ['what is no evidence', [7, null, {}], false],
  ])('of %s is %s', (_what, brought, expected) => {
    expect(bringsSomethingNew(brought, KNOWN)).toBe(expected);
  });

  it('knows composed letters from their parts, and scripts other than Latin', () => {
    expect(identityOfPiece('Ange\u0301line')).toBe(identityOfPiece('ANG\u00c9LINE'));
    expect(identityOfPiece('契約書')).not.toBeNull();
    expect(identityOfPiece('契約書')).not.toBe(identityOfPiece('見積書'));
  });
});
