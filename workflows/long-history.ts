import { workflowInfo } from '@temporalio/workflow';

/** Under 4,096, from which on the server suggests to begin anew; a single task adds far less than what is left. */
const MOST_EVENTS = 3_500;

/** Whether a run should begin anew as soon as nothing is under way: at `most` events of its own history, or sooner where the server says so. */
export function isLong(most = MOST_EVENTS): boolean {
  return workflowInfo().historyLength >= most || workflowInfo().continueAsNewSuggested;
}
