/** Codes about time: clocks that contradict themselves or each other, or that nobody set. */
export const TIME_CODES = {
  L201: {
    severity: 'error',
    title: 'A duration contradicts itself',
    why: 'What stands in brackets is not the same length. A day of office time has only the hours of the calendar it is counted in: 72 business hours are nine days of eight hours, not three. Months have different lengths, so that they never equal a number of days.',
    remedy: 'keep the one that is meant.',
    example: 'deadline: 72 business hours (3 business days)',
  },
  L202: {
    severity: 'error',
    title: 'A clock or a precedence is not declared',
    why: 'It decides who is protected and for how long. What would hold by default is an assumption of this engine, not a rule of the program.',
    remedy: 'write down what holds.',
    example: 'protection:\n  extension: { maxCount: 1, length: 30 days } # asked for until when?',
  },
  L203: {
    severity: 'warning',
    title: 'A rule counts by a time that the program does not say',
    why: 'The rule falls back to a time that published programs use most. Yours may mean another one.',
    remedy: 'write it into `with`.',
    example: '- { id: C08_direct_contact, on: … } # lookback: 60 days by default',
  },
  L204: {
    severity: 'error',
    title: 'A cooling-off that is forgotten',
    why: 'Rule C21 looks at claims that ended within its lookback. A longer cooling-off is not enforced for the rest of its time.',
    remedy: 'look back at least as long as the cooling-off lasts.',
    example: '- id: C21_expired_then_refiled\n  with: { lookback: 30 days, coolingOff: 60 days }',
  },
  L205: {
    severity: 'error',
    title: 'No extension fits',
    why: 'The window and one extension together are longer than the total that is allowed, so that no extension can be granted in full.',
    remedy: 'raise maxTotal, or shorten the extension.',
    example: 'window: 90 days\nextension: { maxCount: 1, length: 60 days, maxTotal: 120 days }',
  },
  L206: {
    severity: 'warning',
    title: 'A total that is never reached',
    why: 'The window and all extensions together end before the total that is allowed. One of the figures is not what was meant.',
    remedy: 'lower maxTotal, or allow more or longer extensions.',
    example: 'window: 90 days\nextension: { maxCount: 1, length: 30 days, maxTotal: 180 days }',
  },
  L207: {
    severity: 'error',
    title: 'A reminder before the beginning',
    why: 'The reminder would be due before the protection starts, or at its start.',
    remedy: 'take it out, or remind later.',
    example: 'window: 60 days\nreminders: [60 days, 14 days]',
  },
  L208: {
    severity: 'warning',
    title: 'The same reminder twice',
    why: 'Both are due at the same instant, and only one is sent.',
    remedy: 'take one out.',
    example: 'reminders: [7 days, 1 week]',
  },
  L209: {
    severity: 'error',
    title: 'The protection ends before it is granted',
    why: 'The window counts from the submission, and reviews may take longer than it lasts.',
    remedy: 'count from the approval, lengthen the window, or shorten the deadlines of the review.',
    example: 'anchor: submission\nwindow: 5 days # the chain of the review takes 5 business days',
  },
  L210: {
    severity: 'error',
    title: 'The waiting list is forgotten too early',
    why: 'A denied claim leaves the list before the protection that it waits for can end, so that nobody ever moves up.',
    remedy: 'keep it at least as long as the longest window.',
    example: 'window: 90 days\nwaitlist: { order: receipt, keep: 60 days }',
  },
  L211: {
    severity: 'warning',
    title: 'Freezes overlap',
    why: 'Two freezes that overlap are one freeze; what comes in is taken at the end of which?',
    remedy: 'join them.',
    example:
      'freezes:\n  - { from: 2026-12-20, until: 2027-01-02, time: "17:00" }\n  - { from: 2026-12-31, until: 2027-01-10, time: "17:00" }',
  },
  L212: {
    severity: 'warning',
    title: 'An account is listed twice at one time',
    why: 'Two entries of different kinds hold on the same days, and rule C13 may say two things.',
    remedy: 'end one entry where the other begins.',
    example:
      'accounts:\n  - { kind: house, name: Contoso, domains: [contoso.com], from: 2026-01-01 }\n  - { kind: named, name: Contoso, domains: [contoso.com], from: 2026-06-01 }',
  },
} as const;
