import { pollSecondsOf } from '../../program/messages.ts';
import { OBJECT_TYPES } from '../../program/vocabulary.ts';
import { pollSecondsFor } from '../../workers/sync-workflows.ts';

describe('pollSecondsFor', () => {
  it.each(OBJECT_TYPES.filter((objectType) => objectType !== 'task'))('is the interval of the connection, for %s', (objectType) => {
    expect(pollSecondsFor(objectType, 60)).toBe(60);
  });

  it.each([
    ['every sixth poll', 60, 360],
    ['as long as a workflow takes', 14_400, 86_400],
    ['and no longer', 14_401, 86_400],
    ['the longest', 86_400, 86_400],
  ])('is longer for tasks: %s', (_what, pollSeconds, expected) => {
    expect(pollSecondsFor('task', pollSeconds)).toBe(expected);
    expect(pollSecondsOf({ pollSeconds: expected })).toBe(expected);
  });
});
