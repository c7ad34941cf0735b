/** Codes about what surrounds the program: its documents, its launch, and whether anybody keeps them up to date. All are warnings. */
export const DOCUMENT_CODES = {
  L501: {
    severity: 'warning',
    title: 'A document is missing',
    why: 'Seven documents carry a partner program: agreement, guide, playbook, curriculum, marketing guidelines, commission policy and escalation procedures. What is not written down is promised differently to everyone.',
    remedy: 'write it, and add it to `documents` with its owner and cadence.',
    example: 'documents: [] # of the seven',
  },
  L502: {
    severity: 'warning',
    title: 'A document is past its update',
    why: 'By its own cadence it should have been brought up to date since.',
    remedy: 'review it and set updatedOn.',
    example: '- { id: program_guide, cadence: quarterly, updatedOn: 2026-01-15, … } # seen in June',
  },
  L503: {
    severity: 'warning',
    title: 'Nobody knows how old a document is',
    why: 'It has a cadence and no date, so that nobody sees when it is due.',
    remedy: 'set updatedOn.',
    example: '- { id: program_guide, cadence: quarterly, … } # without updatedOn',
  },
  L504: {
    severity: 'warning',
    title: 'A document from the future',
    why: 'It was brought up to date on a day that has not come.',
    remedy: 'correct updatedOn.',
    example: '- { id: program_guide, updatedOn: 2099-01-01, … }',
  },
  L505: {
    severity: 'warning',
    title: 'Built before validated',
    why: 'The launch has no pilot: the whole program meets its first partner on the day of the announcement.',
    remedy: 'add a phase `pilot` before the launch, with a few partners and their feedback.',
    example: 'launch: [{ phase: foundation, … }, { phase: launch, … }]',
  },
  L506: {
    severity: 'warning',
    title: 'Never iterated',
    why: 'No document has a date by which it comes round again, so that nothing makes anybody look at the program twice.',
    remedy: 'give the guide and the policies a quarterly or annual cadence.',
    example: 'documents: [{ id: program_guide, cadence: as_needed, … }]',
  },
  L507: {
    severity: 'warning',
    title: 'Old rates',
    why: 'Minimums and bands are compared after converting. Rates of more than a year ago move claims into the wrong band.',
    remedy: 'publish a version with the rates of a later date.',
    example: 'rates: { base: USD, date: 2024-12-31, … } # seen in 2026',
  },
} as const;
