import type { Cast, SceneName } from '../../story/case-story.ts';
import type { PageOptions } from '../../support/browser.ts';

interface CasePicture extends PageOptions {
  /** The name of the picture's file. */
  readonly name: string;
  readonly scene: SceneName;
  /** The reps' page behind the `#`, or a workflow in the Temporal UI with the oldest line of its timeline. */
  readonly shows: (cast: Cast) => { readonly hash: string } | { readonly workflow: string; readonly oldest: string };
}

const record = (rowId: string) => ({ hash: `#/Deal_Registration__c/${rowId}` });

/** The pictures of `docs/case-story.md`, in its order: all of one run. */
export const CASE_PICTURES: readonly CasePicture[] = [
  { name: 'case-contested', scene: 'contested', as: 'manager', height: 640, shows: ({ second }) => record(second.rowId) },
  { name: 'case-desk', scene: 'escalated', as: 'vp', height: 600, shows: () => ({ hash: '#/' }) },
  {
    name: 'case-workflow',
    scene: 'escalated',
    height: 850,
    shows: ({ caseId }) => ({ workflow: `case/${caseId}`, oldest: 'loadCase' }),
  },
  { name: 'case-awarded', scene: 'awarded', as: 'rep', height: 640, shows: ({ second }) => record(second.rowId) },
  { name: 'case-denied', scene: 'awarded', as: 'rep', height: 640, shows: ({ first }) => record(first.rowId) },
  { name: 'case-appealed', scene: 'appealed', as: 'ines', height: 450, shows: () => ({ hash: '#/' }) },
  { name: 'case-heard', scene: 'heard', as: 'rep', height: 640, shows: ({ first }) => record(first.rowId) },
  {
    name: 'case-registration-workflow',
    scene: 'heard',
    height: 905,
    shows: ({ first }) => ({ workflow: `registration/${first.id}`, oldest: 'evaluateRegistration' }),
  },
];
