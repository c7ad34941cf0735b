import type { Program } from '../../../program/definition/program.ts';
import { RULE_TEXTS } from '../../../program/documentation/described-rule.ts';
import { judgeClaim } from '../../../program/judge-claim.ts';
import { NAMES_LINES, RULE_CATALOGUE, RULE_IDS, type RuleId } from '../../../program/rules/catalogue.ts';
import { RULES } from '../../../program/rules/registry.ts';
import type { Rule } from '../../../program/rules/rule.ts';
import { programOf } from '../documentation/guide-example.ts';
import { claim, evidence } from '../example.ts';
import { SITUATION_EXAMPLES, type SituationExample } from './situation-example.ts';

/** The program of each rule's example, read once. */
const PROGRAMS = Object.fromEntries(RULE_IDS.map((id) => [id, programOf(RULE_TEXTS[id].example)])) as Readonly<Record<RuleId, Program>>;

const CASES = RULE_IDS.flatMap((id) => RULE_CATALOGUE[id].situations.map((situation) => [id, situation] as const));

describe('RULE_CATALOGUE', () => {
  it('has code for every rule, under its own name', () => {
    expect(RULE_IDS.map((id) => RULES[id]?.id)).toEqual(RULE_IDS);
  });

  it.each(RULE_IDS)('has a quiet %s where nothing stands against a claim', (id) => {
    const program = PROGRAMS[id];
    // A proof and a quantity, so that nothing that these examples ask for is missing.
    const facts = {
      ...claim().facts,
      quantity: 100,
      distributor: 'Disti',
      proofs: [{ kind: 'meeting', date: null }],
      answers: { landing_zone: 'cloud' },
    };
    const verdict = judgeClaim(program, claim({ facts }), evidence());
    expect(verdict.trace.filter(({ rule, fired }) => rule === id && fired)).toEqual([]);
    expect(verdict.outcome).toBe('approve');
  });

  it.each(CASES)('%s finds %s, and what its example declares follows', (id, situation) => {
    const {
      claim: changes,
      evidence: seen,
      program: sections,
    }: SituationExample = (SITUATION_EXAMPLES[id] as Readonly<Record<string, SituationExample>>)[situation] as SituationExample;
    const program = { ...PROGRAMS[id], ...sections };
    const verdict = judgeClaim(program, claim(changes), evidence(seen));
    const declared = program.rules.order[0]?.on[situation];
    const entry = verdict.trace.find(({ rule }) => rule === id);
    expect(entry?.fired).toBe(true);
    switch (declared?.outcome) {
      case undefined:
        throw new Error(`the example says nothing of ${situation}`);
      case 'note':
        expect(verdict.reasons.map(({ rule }) => rule)).not.toContain(id);
        return;
      case 'free_lines':
        expect(verdict).toMatchObject({ outcome: 'deny', waitlist: declared.waitlist });
        return;
      case 'deny':
      case 'review':
      case 'wait':
      case 'needs_ruling':
      case 'return':
      case 'approve':
        expect(verdict).toMatchObject({ outcome: declared.outcome, reasons: [{ rule: id }] });
    }
  });

  it.each(CASES.filter(([id]) => id !== 'R02_special_case'))('says rightly whether %s names the lines of %s', (id, situation) => {
    const example: SituationExample = (SITUATION_EXAMPLES[id] as Readonly<Record<string, SituationExample>>)[situation] as SituationExample;
    const program = { ...PROGRAMS[id], ...example.program };
    const input = { program, claim: claim(example.claim), evidence: evidence(example.evidence), parameters: program.rules.order[0]?.with };
    const found = (RULES[id] as Rule).examine(input as never);
    if (found.kind === 'quiet') throw new Error(`${id} does not find ${situation}`);
    expect(found.lines !== undefined).toBe(NAMES_LINES[id]?.includes(situation) ?? false);
  });

  it.each(CASES.filter(([id, situation]) => (RULE_CATALOGUE[id].optional as readonly string[]).includes(situation)))(
    '%s leaves %s to people where the program says nothing of it',
    (id, situation) => {
      const {
        claim: changes,
        evidence: seen,
        program: sections,
      } = (SITUATION_EXAMPLES[id] as Readonly<Record<string, SituationExample>>)[situation] as SituationExample;
      const program = { ...PROGRAMS[id], ...sections };
      const order = program.rules.order.map((row) => ({
        ...row,
        on: Object.fromEntries(Object.entries(row.on).filter(([name]) => name !== situation)),
      }));
      const silent = { ...program, rules: { ...program.rules, order } };
      expect(judgeClaim(silent, claim(changes), evidence(seen))).toMatchObject({
        outcome: 'needs_ruling',
        role: program.routing.otherwise,
      });
    },
  );
});
