import fc from 'fast-check';
import { checkDefinition, formatFinding, type CheckFinding } from '../../../program/definition/check.ts';
import { ACME, ACME_YAML, acmeWith } from '../example.ts';

const TODAY = '2026-11-23';

function codesAt(text: string): readonly (readonly [code: string, path: string])[] {
  return checkDefinition(text, 'programs/acme.yaml', TODAY).findings.map(({ code, path }) => [code, path]);
}

describe('checkDefinition', () => {
  it('gives the program of a definition without an error', () => {
    expect(checkDefinition(ACME_YAML, 'programs/acme.yaml', TODAY)).toEqual({ program: ACME, findings: [] });
  });

  it('gives the program also with a warning, and none with an error', () => {
    const warned = checkDefinition(acmeWith('executiveSponsor: vp', 'executiveSponsor: null'), 'programs/acme.yaml', TODAY);
    expect([warned.program?.id, warned.findings.map(({ severity }) => severity)]).toEqual(['acme', ['warning']]);
    const refused = checkDefinition(acmeWith('keep: 180 days', 'keep: 1 day'), 'programs/acme.yaml', TODAY);
    expect([refused.program, refused.findings.map(({ severity }) => severity)]).toEqual([null, ['error']]);
  });

  it.each([
    ['P001', 'YAML that cannot be read', 'types: [', 'P001', ''],
    ['P002', 'a key that is unknown', `surprise: 1\n${ACME_YAML}`, 'P002', 'surprise'],
    ['P002', 'a missing key that decides nothing', acmeWith('name: Acme Partner Program\n', ''), 'P002', 'name'],
    ['P003', 'a role that is not there', acmeWith('otherwise: director', 'otherwise: king'), 'P003', 'routing.otherwise'],
    ['P004', 'a missing anchor', acmeWith('  anchor: approval\n', ''), 'P004', 'protection.anchor'],
    ['P004', 'a missing silence', acmeWith(', silence: keep_asking', ''), 'P004', 'governance.ladder[2].silence'],
    ['P004', 'a missing clock of the review', acmeWith('  reviewClock: restarts', '#'), 'P004', 'returned.reviewClock'],
    ['P004', 'a missing deadline', acmeWith('deadline: 3 business days, ', ''), 'P004', 'governance.ladder[2].deadline'],
    ['P004', 'a missing hit policy', acmeWith('  hitPolicy: first\n  rows', '  rows'), 'P004', 'routing.hitPolicy'],
    ['P002', 'a silence that is another word', acmeWith('silence: keep_asking', 'silence: shrug'), 'P002', 'governance.ladder[2].silence'],
  ])('gives %s to %s', (_code, _what, text, code, path) => {
    expect(codesAt(text)).toContainEqual([code, path]);
  });

  it('reports all findings at once, in the order of the file', () => {
    const text = acmeWith('keep: 180 days', 'keep: 1 day')
      .replace('executiveSponsor: vp', 'executiveSponsor: null')
      .replace('  endsAt: instant', '#')
      .replace("target: '60'", "target: '45'");
    const { findings } = checkDefinition(text, 'programs/acme.yaml', TODAY);
    expect(findings.map(({ code }) => code)).toEqual(['L308', 'L411', 'L202', 'L210']);
    const lines = findings.map(({ line }) => line);
    expect(lines).toEqual([...lines].sort((left, right) => left - right));
    expect(text.split('\n')[(findings[0]?.line ?? 0) - 1]).toContain('executiveSponsor: null');
  });

  it('says of every problem what to do', () => {
    const [found] = checkDefinition(acmeWith('otherwise: director', 'otherwise: king'), 'programs/acme.yaml', TODAY).findings;
    expect(formatFinding('programs/acme.yaml', found as CheckFinding)).toMatch(
      /^programs\/acme\.yaml:\d+ P003 routing\.otherwise: king; expected one of partner_manager, director, vp; declare the id, or use one that is declared\.$/,
    );
  });

  it.each([
    ['an empty file', ''],
    ['a list', '- 1'],
    ['a text', 'hello'],
    ['ten thousand levels', '['.repeat(10_000)],
    ['other bytes', '\u0000\u0001\uFFFD'],
  ])('refuses %s without failing itself', (_what, text) => {
    const { program, findings } = checkDefinition(text, 'x.yaml', TODAY);
    expect(program).toBeNull();
    expect(findings.length).toBeGreaterThan(0);
  });

  it('answers whatever line is taken out or stands elsewhere, and never fails itself', () => {
    const lines = ACME_YAML.split('\n');
    const at = fc.nat({ max: lines.length - 1 });
    fc.assert(
      fc.property(at, at, fc.boolean(), (from, to, isKept) => {
        const moved = lines.toSpliced(to, 0, lines[from] ?? '');
        const text = (isKept ? moved : lines.toSpliced(from, 1)).join('\n');
        const { program, findings } = checkDefinition(text, 'programs/acme.yaml', TODAY);
        expect(program === null).toBe(findings.some(({ severity }) => severity === 'error'));
        for (const { line } of findings) expect(text.split('\n').length).toBeGreaterThanOrEqual(line);
      }),
      { numRuns: 40 },
    );
  });
});
