import { acmeWith } from '../../example.ts';
import { acmeAnd, problemsOf } from './problem-text.ts';

describe('references of regions, lists and intake', () => {
  it.each<[string, string, RegExp]>([
    [
      'a country in two regions',
      acmeWith('countries: [US, CA,', 'countries: [US, MX,'),
      /regions\[1\]\.countries\[0\]: MX; expected once, and north_america names it before/,
    ],
    [
      'a list entry that was never in force',
      acmeAnd('accounts: [{ kind: house, name: Contoso, from: 2026-01-01, until: 2026-01-01 }]'),
      /accounts\[0\]\.until: 2026-01-01; expected a date after 2026-01-01/,
    ],
    [
      'a list entry by what is no domain',
      acmeAnd('accounts: [{ kind: house, name: Contoso, domains: [contoso.com, contoso], from: 2026-01-01 }]'),
      /accounts\[0\]\.domains\[1\]: "contoso"; expected a domain such as contoso\.com/,
    ],
    [
      'a choice of one',
      acmeAnd('intake: [{ id: a, label: A, type: choice, choices: [x] }]'),
      /intake\[0\]\.choices: one; expected at least two/,
    ],
    ['a choice of the same', acmeAnd('intake: [{ id: a, label: A, type: choice, choices: [x, y, x] }]'), /choices\[2\]: "x"; used before/],
    [
      'choices of a text',
      acmeAnd('intake: [{ id: a, label: A, type: text, choices: [x, y] }]'),
      /choices: given; expected none, since a text/,
    ],
    [
      'a question for what every claim may bring',
      acmeAnd('intake: [{ id: quantity, label: Q, type: number }]'),
      /intake\[0\]\.id: quantity; expected another id/,
    ],
    [
      'a question twice',
      acmeAnd('intake: [{ id: a, label: A, type: text }, { id: a, label: B, type: text }]'),
      /intake\[1\]\.id: a; used before/,
    ],
    [
      'a question that decides about itself',
      acmeAnd('intake: [{ id: a, label: A, type: flag, when: { answers: { a: [true] } } }]'),
      /intake\[0\]\.when\.answers\.a: a; expected another fact/,
    ],
    ['an unknown fact that is required', acmeAnd('requiredFacts: [shoe_size]'), /requiredFacts\[0\]: shoe_size; expected one of quantity/],
  ])('finds %s', (_what, text, message) => {
    expect(problemsOf(text)).toMatch(message);
  });

  it('takes a list entry that is in force for one day', () => {
    expect(
      problemsOf(acmeAnd('accounts: [{ kind: house, name: Contoso, domains: [contoso.com], from: 2026-01-01, until: 2026-01-02 }]')),
    ).toBe('');
  });
});
