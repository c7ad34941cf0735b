import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import { upsertSearchAttributes } from '@temporalio/workflow';

export const registrationStatusKey = defineSearchAttributeKey('RegistrationStatus', 'KEYWORD');
export const stepKey = defineSearchAttributeKey('Step', 'KEYWORD');
export const dueAtKey = defineSearchAttributeKey('DueAt', 'DATETIME');
export const needsAttentionKey = defineSearchAttributeKey('NeedsAttention', 'BOOL');
export const failureCodeKey = defineSearchAttributeKey('FailureCode', 'KEYWORD');

/** What operators search by. Null takes an attribute off. */
export interface Visible {
  readonly status?: string | undefined;
  readonly step: string | null;
  readonly dueAt: string | null;
  readonly needsAttention: boolean;
  readonly failureCode?: string | null;
}

/** Tells the visibility store what changed, once a transition; equal values cost nothing. */
export function createVisibility(): (visible: Visible) => void {
  let last = '';
  return (visible) => {
    const key = JSON.stringify(visible);
    if (key === last) return;
    last = key;
    const pairs: SearchAttributePair[] = [
      { key: stepKey, value: visible.step },
      { key: dueAtKey, value: visible.dueAt === null ? null : new Date(visible.dueAt) },
      { key: needsAttentionKey, value: visible.needsAttention },
    ] as SearchAttributePair[];
    if (visible.status !== undefined) pairs.push({ key: registrationStatusKey, value: visible.status } as SearchAttributePair);
    if (visible.failureCode !== undefined) pairs.push({ key: failureCodeKey, value: visible.failureCode } as SearchAttributePair);
    upsertSearchAttributes(pairs as Parameters<typeof upsertSearchAttributes>[0]);
  };
}
