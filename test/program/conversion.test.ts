import { becomesPrimary, certainOpportunity } from '../../program/conversion.ts';
import type { DirectOpportunity } from '../../program/claim.ts';
import type { Program } from '../../program/definition/program.ts';
import { ACME, opportunity, parseOrThrow, ACME_YAML, PROBABLE, TAKEN_AT } from './example.ts';

const DAY_MS = 86_400_000;
const ago = (days: number, ms = 0): string => new Date(Date.parse(TAKEN_AT) - days * DAY_MS + ms).toISOString();
const taking = (resource: boolean): Program => ({ ...ACME, conversion: { ...ACME.conversion, resource } });
const other = (changes: Partial<DirectOpportunity> = {}): DirectOpportunity => opportunity({ remoteId: '006000000000002AAA', ...changes });

describe('certainOpportunity', () => {
  const kindOf = (opportunities: readonly DirectOpportunity[], program = taking(false)): string =>
    certainOpportunity(program, opportunities, TAKEN_AT).kind;

  it('is the one that is open at the customer itself, in whatever stage', () => {
    for (const stageIndex of [null, 0, 7]) {
      const only = opportunity({ stageIndex });
      expect(certainOpportunity(ACME, [only], TAKEN_AT)).toEqual({ kind: 'one', opportunity: only, isStale: false });
    }
  });

  it.each<[string, readonly DirectOpportunity[]]>([
    ['where there is none', []],
    ['where it is only probably the customer’s', [opportunity({ match: PROBABLE })]],
    ['where it is another company’s of the group', [opportunity({ relation: 'parent' })]],
    ['where it is closed', [opportunity({ isClosed: true, stageIndex: null })]],
  ])('is none %s', (_where, opportunities) => {
    expect(kindOf(opportunities)).toBe('none');
  });

  it('is none of several, the most lately touched first', () => {
    const latest = other({ lastActivityAt: TAKEN_AT });
    expect(certainOpportunity(ACME, [opportunity(), latest], TAKEN_AT)).toEqual({
      kind: 'several',
      opportunities: [latest, opportunity()],
    });
  });

  it.each([
    ['the last instant at which it is active', ago(180), 'one', false],
    ['the first at which it is stale', ago(180, -1), 'none', true],
  ] as const)('counts what nobody touched: %s', (_when, lastActivityAt, without, isStale) => {
    const late = opportunity({ stageIndex: 5, lastActivityAt });
    expect(kindOf([late])).toBe(without);
    expect(certainOpportunity(taking(true), [late], TAKEN_AT)).toMatchObject({ kind: 'one', isStale });
  });

  it('is the active one beside a stale one, unless stale ones are taken over: then people choose', () => {
    const both = [other(), opportunity({ stageIndex: 5, lastActivityAt: ago(400) })];
    expect([kindOf(both), kindOf(both, taking(true))]).toEqual(['one', 'several']);
  });
});

describe('becomesPrimary', () => {
  const question = { rule: 'first_approved', isEligible: true, other: null, wanted: null } as const;

  it.each([
    ['the first approved one', {}, true],
    ['a later one', { other: 'reg-50' }, false],
    ['a later one that is told to', { other: 'reg-50', wanted: true }, true],
    ['the first one that is told not to', { wanted: false }, false],
    ['one that is not approved', { isEligible: false }, false],
    ['one that is not approved and is told to', { isEligible: false, wanted: true }, false],
    ['the first where only commands say so', { rule: 'by_command' }, false],
    ['the one that a command names', { rule: 'by_command', wanted: true }, true],
  ] as const)('is so for %s: %j', (_which, changes, expected) => {
    expect(becomesPrimary({ ...question, ...changes })).toBe(expected);
  });
});

describe('the conversion of a program', () => {
  it('means what it meant before there was one, where it is left out', () => {
    const without = parseOrThrow(ACME_YAML.replace(/\nconversion:[\s\S]*?\n\n/, '\n'));
    expect(without.conversion).toEqual({ onApproval: 'none', primary: 'first_approved', resource: false });
    expect(without).toEqual(ACME);
  });
});
