import type { Program } from './program.ts';

export interface NamedDefinition {
  /** Names the definition in messages, such as `programs/acme.yaml`. */
  readonly file: string;
  readonly program: Pick<Program, 'id' | 'version' | 'effectiveFrom'>;
}

/** What several definitions cannot be together: one version of a program twice, or two that come into force on the same day. One sentence each. */
export function findVersionClashes(definitions: readonly NamedDefinition[]): readonly string[] {
  return definitions.flatMap(({ file, program }, at) => {
    const { id, version, effectiveFrom } = program;
    const before = definitions.slice(0, at).filter((other) => other.program.id === id);
    const twin = before.find((other) => other.program.version === version);
    if (twin !== undefined)
      return [`${file} version: ${version} of ${id} is the version of ${twin.file} too; give one of them another version`];
    const sameDay = before.find((other) => other.program.effectiveFrom === effectiveFrom);
    return sameDay === undefined
      ? []
      : [
          `${file} effectiveFrom: ${effectiveFrom} is the date of version ${sameDay.program.version} of ${id} in ${sameDay.file} too; ` +
            'only one of them can be in force, so give one of them another date',
        ];
  });
}
