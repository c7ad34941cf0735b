import { codesOf, findingsWith, type Patch } from './patched.ts';

const ROW = 'id: C19_below_minimum\n      on: { below: { outcome: deny, waitlist: false } }';
const NO_MINIMUM: Patch = ["minimum: { amount: '5000.00', currency: USD }", 'minimum: null'];
const units = (on: string): Patch => [ROW, `id: C19_below_minimum\n      with: { minimumQuantity: 100 }\n      on: { ${on} }`];
const UNITS_ONLY = 'below_quantity: { outcome: deny, waitlist: false }, unknown_quantity: { outcome: note }';

describe('what C19 asks of its situations', () => {
  it('takes a least quantity alone, where no value is asked for', () => {
    expect(findingsWith(NO_MINIMUM, units(UNITS_ONLY))).toEqual([]);
  });

  it('misses the outcome of a value below the minimum that is asked for', () => {
    const found = findingsWith(units(UNITS_ONLY));
    expect(codesOf(found)).toEqual(['L114']);
    expect(found[0]?.message).toBe('below can arise and has no outcome');
  });

  it('finds an outcome of a value below no minimum', () => {
    expect(codesOf(findingsWith(NO_MINIMUM, units(`below: { outcome: note }, ${UNITS_ONLY}`)))).toEqual(['L113']);
  });
});

describe('what C17 asks of its situations', () => {
  const tender = (row: string): Patch => [`- ${ROW}`, `- ${ROW}\n    - { id: C17_public_tender, ${row} }`];
  const late = 'after_publication: { outcome: deny, waitlist: false }';

  it.each<[string, string, readonly string[]]>([
    ['says nothing of a claim before the notice', `on: { ${late} }`, []],
    ['asks for it and says what follows', `with: { beforePublication: true }, on: { ${late}, before_publication: { outcome: note } }`, []],
    ['asks for it and does not', `with: { beforePublication: true }, on: { ${late} }`, ['L114']],
    ['says what follows and does not ask for it', `on: { ${late}, before_publication: { outcome: note } }`, ['L113']],
  ])('knows a program that %s', (_what, row, codes) => {
    expect(codesOf(findingsWith(tender(row)))).toEqual(codes);
  });
});
