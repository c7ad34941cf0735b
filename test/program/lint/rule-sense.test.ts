import { ACME_YAML } from '../example.ts';
import { codesOf, findingsWith, type Patch } from './patched.ts';

/** Rows put before the rules of acme, or after them. */
function rules(before: readonly string[], after: readonly string[] = []): Patch {
  const order = /( {2}order:\n)( {4}- id: C18[\s\S]*)$/.exec(ACME_YAML);
  if (order === null) throw new Error('acme has another order of rules');
  const [whole, head = '', rows = ''] = order;
  const lines = (list: readonly string[]): string => list.map((row) => `    - ${row}\n`).join('');
  return [whole, `${head}${lines(before)}${rows}${lines(after)}`];
}

const STRICTEST: Patch = [
  'rules: # the first finding that decides wins. Certain matches are acted on, probable ones go to people\n  hitPolicy: first',
  'rules:\n  hitPolicy: strictest',
];
const LETTER = '{ id: C22_customer_choice, on: { letter: { outcome: review, decider: director } } }';
const TIE = '{ id: C04_near_simultaneous, with: { within: 5 minutes }, on: { tie: { outcome: review, decider: director } } }';

describe('rules that are heard too late', () => {
  it.each<readonly [string, readonly Patch[], boolean]>([
    ['a letter after the protection that it is against', [rules([], [LETTER])], true],
    ['a letter before it', [rules([LETTER])], false],
    ['a letter that is reviewed where the strictest wins', [STRICTEST, rules([LETTER])], true],
    ['a letter after rules that only note', [rules([], [LETTER]), ['exact: { outcome: wait }', 'exact: { outcome: note }']], false],
  ])('%s', (_what, patches, isHidden) => {
    expect(codesOf(findingsWith(...patches)).includes('L115')).toBe(isHidden);
  });

  it.each<readonly [string, readonly Patch[], boolean]>([
    ['a tie after the wait', [rules([], [TIE])], true],
    ['a tie before the wait', [rules([TIE])], false],
    ['a tie where the strictest wins', [STRICTEST, rules([TIE])], true],
    [
      'a tie that is stricter',
      [STRICTEST, rules([TIE.replace('{ outcome: review, decider: director }', '{ outcome: return, ask: a proof }')])],
      false,
    ],
  ])('%s', (_what, patches, isLate) => {
    expect(codesOf(findingsWith(...patches)).includes('L123')).toBe(isLate);
  });

  const TENDER = (when: string, outcome: string): string =>
    `{ id: C17_public_tender, when: { ${when} }, on: { after_publication: ${outcome} } }`;
  const DENY = '{ outcome: deny, waitlist: false }';
  it.each<readonly [string, readonly Patch[], boolean]>([
    [
      'a narrower row after a wider one',
      [rules([], [TENDER('kinds: [resale, referral]', DENY), TENDER('kinds: [resale]', '{ outcome: note }')])],
      true,
    ],
    [
      'a narrower row before a wider one',
      [rules([], [TENDER('kinds: [resale]', '{ outcome: note }'), TENDER('kinds: [resale, referral]', DENY)])],
      false,
    ],
    [
      'after a row that only notes',
      [rules([], [TENDER('kinds: [resale, referral]', '{ outcome: note }'), TENDER('kinds: [resale]', DENY)])],
      false,
    ],
    [
      'a stricter row where the strictest wins',
      [STRICTEST, rules([], [TENDER('kinds: [resale, referral]', '{ outcome: return, ask: a proof }'), TENDER('kinds: [resale]', DENY)])],
      false,
    ],
    [
      'the same again where the strictest wins',
      [STRICTEST, rules([], [TENDER('kinds: [resale, referral]', DENY), TENDER('kinds: [resale]', DENY)])],
      true,
    ],
    [
      'rows that share some claims',
      [rules([], [TENDER('kinds: [resale, referral]', DENY), TENDER('kinds: [renewal, resale]', DENY)])],
      false,
    ],
  ])('%s', (_what, patches, isIdle) => {
    expect(codesOf(findingsWith(...patches)).includes('L104')).toBe(isIdle);
  });
});

describe('declarations and their rules', () => {
  it.each<readonly [what: string, without: readonly Patch[], withRule: readonly Patch[]]>([
    [
      'required facts',
      [['eligibility: #', 'requiredFacts: [quantity]\neligibility: #']],
      [
        ['eligibility: #', 'requiredFacts: [quantity]\neligibility: #'],
        rules(['{ id: R01_incomplete, on: { missing: { outcome: return, ask: how many } } }']),
      ],
    ],
    [
      'a required answer',
      [['eligibility: #', 'intake: [{ id: budget, label: Budget, type: flag, required: true }]\neligibility: #']],
      [
        ['eligibility: #', 'intake: [{ id: budget, label: Budget, type: flag, required: true }]\neligibility: #'],
        rules(['{ id: R01_incomplete, on: { missing: { outcome: return, ask: whether there is one } } }']),
      ],
    ],
    [
      'splits',
      [['# Operation', "splits: [{ id: both, label: Both, shares: { resale: '60', services: '40' } }]\n# Operation"]],
      [
        ['# Operation', "splits: [{ id: both, label: Both, shares: { resale: '60', services: '40' } }]\n# Operation"],
        rules([], ['{ id: C23_multi_partner, on: { other_role: { outcome: review, decider: director } } }']),
      ],
    ],
  ])('%s are enforced by a rule or not at all', (_what, without, withRule) => {
    expect(codesOf(findingsWith(...without))).toContain('L111');
    expect(codesOf(findingsWith(...withRule))).not.toContain('L111');
  });
});

describe('situations and what raises them', () => {
  const SPECULATIVE = (parameters: string, on: string): Patch =>
    rules([], [`{ id: C20_speculative, with: { ${parameters} }, on: { ${on} } }`]);
  const RETURN = '{ outcome: return, ask: a proof }';
  it.each<readonly [string, Patch, readonly string[]]>([
    ['both declared', SPECULATIVE('leastProofs: 1, mostStanding: 25', `no_proof: ${RETURN}, capacity: ${RETURN}`), []],
    ['only the parameter', SPECULATIVE('mostIn30Days: 5', ''), ['L114']],
    ['only the outcome', SPECULATIVE('leastProofs: 1', `no_proof: ${RETURN}, low_conversion: ${RETURN}`), ['L113']],
    [
      'a rule without a list',
      rules(
        [],
        [
          '{ id: C13_listed_account, on: { named: { outcome: note }, house: { outcome: note }, direct_only: { outcome: note }, probable: { outcome: note } } }',
        ],
      ),
      ['L113'],
    ],
    [
      'a rule that sees regions',
      rules([], ['{ id: C14_outside_region, on: { outside: { outcome: note }, unknown: { outcome: note } } }']),
      [],
    ],
    ['early stages of which there are none', ['earlyStages: 3', 'earlyStages: 0'], ['L113']],
  ])('%s', (_what, patch, codes) => {
    expect(codesOf(findingsWith(patch))).toEqual(codes);
  });
});
