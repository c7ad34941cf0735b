/** What to do about a component that an org refuses, by a part of its words; the first that fits. */
const REMEDIES: readonly (readonly [words: RegExp, remedy: string])[] = [
  [/existing data|cannot change.*type/i, 'Empty the field in the org, or rename the one that is there, and provision again.'],
  [/already a child relationship|duplicate.*name|already exists/i, 'Rename what is there under that name in the org, and provision again.'],
  [/required field/i, 'The field was made required in this org: make it optional, and provision again.'],
  [
    /no customfield named|does not exist\. check spelling|could not resolve|invalid field name/i,
    'A field that this builds on is missing: mend the other problems first.',
  ],
  [
    /no (customobject|customtab|queue|quickaction|reporttype|recordtype) named/i,
    'What this builds on is missing: mend the other problems first.',
  ],
  [
    /does not resolve to a valid sobject|selected entity/i,
    'The object does not exist in this org, or its feature is off: switch it on in Setup.',
  ],
  [/limit|maximum number|too many/i, 'The org is at a limit: remove what is not used any more, or have it raised.'],
  [
    /insufficient|not have access|permission/i,
    'Deploy as a user who may modify metadata (permission Modify Metadata Through Metadata API Functions).',
  ],
  [
    /not enabled|not available for|not supported/i,
    'This edition or org lacks the feature: switch it on in Setup, or leave the component out of the project.',
  ],
  [
    /error parsing|not in package\.xml|not found in zipped/i,
    'The shipped project was changed or is incomplete: compare the file with the released one.',
  ],
];

export function remedyOf(problem: string): string {
  return (
    REMEDIES.find(([words]) => words.test(problem))?.[1] ?? 'Mend in Setup what the org names, or correct the file, and provision again.'
  );
}
