import { findVersionClashes, type NamedDefinition } from '../../../program/definition/version-clash.ts';

function definition(file: string, version: string, effectiveFrom: string, id = 'acme'): NamedDefinition {
  return { file, program: { id, version, effectiveFrom } };
}

describe('findVersionClashes', () => {
  const first = definition('programs/a.yaml', '2026.1', '2026-01-01');

  it('lets versions stand beside each other that begin on different days', () => {
    expect(findVersionClashes([first, definition('programs/b.yaml', '2026.2', '2026-01-02')])).toEqual([]);
  });

  it('lets another program use the same version and date', () => {
    expect(findVersionClashes([first, definition('programs/b.yaml', '2026.1', '2026-01-01', 'other')])).toEqual([]);
  });

  it('refuses one version twice', () => {
    expect(findVersionClashes([first, definition('programs/b.yaml', '2026.1', '2026-07-01')])).toEqual([
      'programs/b.yaml version: 2026.1 of acme is the version of programs/a.yaml too; give one of them another version',
    ]);
  });

  it('refuses two versions that begin on one day', () => {
    expect(findVersionClashes([first, definition('programs/b.yaml', '2026.2', '2026-01-01')])).toEqual([
      expect.stringMatching(
        /^programs\/b\.yaml effectiveFrom: 2026-01-01 is the date of version 2026\.1 of acme in programs\/a\.yaml too; /,
      ),
    ]);
  });
});
