import type { CaseOutcome, Decision } from '../../program/vocabulary.ts';

/** Something that somebody does in the year. It stays in histories, so it holds ids and choices only. */
export type Deed =
  | { readonly kind: 'submit'; readonly index: number }
  | { readonly kind: 'withdraw' | 'extend' | 'appeal' | 'amend'; readonly registrationId: string }
  | { readonly kind: 'decide'; readonly registrationId: string; readonly decision: Decision }
  | { readonly kind: 'settle'; readonly caseId: string; readonly outcome: CaseOutcome; readonly registrationId: string }
  | { readonly kind: 'delegate' | 'reassign'; readonly subject: string; readonly to: string }
  | { readonly kind: 'transfer'; readonly registrationId: string; readonly partner: string }
  | { readonly kind: 'be_away'; readonly from: string; readonly until: string; readonly delegate: string | null; readonly number: number }
  /** `number`: which of the absences of this person. */
  | { readonly kind: 'come_back'; readonly number: number }
  | { readonly kind: 'leave' };

export interface PlannedDeed {
  readonly at: string;
  readonly deed: Deed;
}

/** One person, partner or approver, with what is still planned. */
export interface PersonInput {
  readonly name: string;
  readonly planned: readonly PlannedDeed[];
}

/** What a person's workflow asks of the activities: `ok`, or the code of the refusal. `atMs`: the server's time. */
export interface YearActivities {
  act(name: string, deed: Deed, atMs: number): Promise<string>;
}
