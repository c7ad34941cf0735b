import type { SyncIssue } from '../../store/sync-issue.ts';
import type { IssueAnswer } from '../schemas/sync.ts';

export function presentIssue(issue: SyncIssue): IssueAnswer {
  const { id, connection, objectType, localId, remoteId, category, message, remedy, attempts, status } = issue;
  return { id, connection, objectType, localId, remoteId, category, message, remedy, attempts, status };
}
