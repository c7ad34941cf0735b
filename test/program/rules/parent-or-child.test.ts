import { NO_FACTS, type DirectOpportunity, type RivalClaim } from '../../../program/claim.ts';
import { parentOrChild } from '../../../program/rules/parent-or-child.ts';
import { PROBABLE, WEAK, holder, opportunity, rival, ruleInput } from '../example.ts';
import { situationOf } from './finding.ts';

const child = (changes: Partial<RivalClaim> = {}): RivalClaim => holder({ relation: 'child', ...changes });
const pending = (changes: Partial<RivalClaim> = {}): RivalClaim => rival({ relation: 'parent', ...changes });
const atGroup = (changes: Partial<DirectOpportunity> = {}): DirectOpportunity => opportunity({ relation: 'sibling', ...changes });

describe('C15_parent_or_child', () => {
  it.each<[string, readonly RivalClaim[], string | null]>([
    ['nobody', [], null],
    ['a protection at a child', [child()], 'registered'],
    ['a protection at the parent', [child({ relation: 'parent' })], 'registered'],
    ['a probable match', [child({ match: PROBABLE })], 'registered'],
    ['a weak match', [child({ match: WEAK })], null],
    ['a protection of another line', [child({ productLines: ['analytics'], protectedLines: ['analytics'] })], null],
    ['a protection that has ended', [child({ protectedLines: [] })], null],
    ["the partner's own protection", [child({ partnerId: 'partner-a' })], null],
    ['the undecided claim just before', [pending({ sequence: 99 })], 'registered'],
    ['the undecided claim just after', [pending({ sequence: 101 })], null],
    ['a claim that was denied', [pending({ status: 'denied' })], null],
    ['a claim on the customer itself, which is for others', [holder()], null],
  ])('looks at %s', (_what, relatives, expected) => {
    expect(situationOf(parentOrChild, { evidence: { relatives } })).toBe(expected);
  });

  it.each<[string, DirectOpportunity, string | null]>([
    ['at a sibling', atGroup(), 'direct'],
    ['at the customer itself, which is for others', opportunity(), null],
    ['that is closed', atGroup({ isClosed: true, stageIndex: null }), null],
    ['that was created after the receipt', atGroup({ createdAt: '2026-11-23T15:00:00.001Z' }), null],
    ['that is late and was touched 180 days ago', atGroup({ stageIndex: 4, lastActivityAt: '2026-05-27T15:00:05.000Z' }), 'direct'],
    ['that is late and was touched before that', atGroup({ stageIndex: 4, lastActivityAt: '2026-05-27T15:00:04.999Z' }), null],
    ['that is a weak match', atGroup({ match: WEAK }), null],
  ])('looks at an opportunity %s', (_what, one, expected) => {
    expect(situationOf(parentOrChild, { evidence: { opportunities: [one] } })).toBe(expected);
  });

  it.each<[string, string | null, string | null, string | null]>([
    ['two different sites', 'Plant Köln', 'Plant Bremen', null],
    ['one site, written differently', 'Plant  Bremen', 'plant bremen ', 'registered'],
    ['a site on this side only', 'Plant Köln', null, 'registered'],
    ['a site on the other side only', null, 'Plant Bremen', 'registered'],
    ['a blank site', ' ', 'Plant Bremen', 'registered'],
  ])('tells sites apart: %s', (_what, site, otherSite, expected) => {
    const changes = { claim: { facts: { ...NO_FACTS, site } }, evidence: { relatives: [child({ site: otherSite })] } };
    expect(situationOf(parentOrChild, changes)).toBe(expected);
    expect(situationOf(parentOrChild, { ...changes, with: { sitesDiffer: false } })).toBe('registered');
  });

  it('keeps a direct opportunity in view, whatever site the claim names', () => {
    const changes = {
      claim: { facts: { ...NO_FACTS, site: 'Plant Köln' } },
      evidence: { relatives: [child({ site: 'Plant Bremen' })], opportunities: [atGroup()] },
    };
    expect(situationOf(parentOrChild, changes)).toBe('direct');
  });

  it('names to insiders whom it found, and nobody to the partner', () => {
    const relatives = [child({ registrationId: 'reg-60', sequence: 60 }), pending()];
    const finding = parentOrChild.examine(ruleInput('C15_parent_or_child', { evidence: { relatives, opportunities: [atGroup()] } }));
    expect(finding).toMatchObject({
      situation: 'registered',
      rivalIds: ['reg-50', 'reg-60'],
      opportunity: { remoteId: '006000000000001AAA' },
      message: expect.stringContaining('reg-50 of partner partner-b (parent), reg-60 of partner partner-b (child)'),
      exhibits: [{ kind: 'relative' }, { kind: 'relative' }, { kind: 'relative_opportunity' }],
    });
    expect(finding.partnerMessage).not.toMatch(/reg-|partner-b/);
  });
});
