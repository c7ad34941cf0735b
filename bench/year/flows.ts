import { condition, continueAsNew, defineSignal, proxyLocalActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { PersonInput, PlannedDeed, YearActivities } from './deed.ts';

/** The product's workflows, and beside them the people of the year: partners and approvers, who do what is planned when its time has come. */
export * from '../../workflows/index.ts';

export const plan = defineSignal<[PlannedDeed]>('plan');

/** Local ones: the time stands still until the task of the workflow is done, and nobody but the person waits for what was done. */
const { act } = proxyLocalActivities<YearActivities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 20 } });

export async function person({ name, planned }: PersonInput): Promise<void> {
  const left = [...planned];
  setHandler(plan, (deed) => {
    left.push(deed);
  });
  for (;;) {
    const next = left.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))[0];
    if (next === undefined) {
      await condition(() => left.length > 0);
      continue;
    }
    const known = left.length;
    const waitMs = Date.parse(next.at) - Date.now();
    if (waitMs > 0 && (await condition(() => left.length !== known, waitMs))) continue;
    // Never in the task in which something was done: whoever is told meanwhile would have it begin anew, and do it twice.
    if (waitMs > 0 && workflowInfo().continueAsNewSuggested) await continueAsNew<typeof person>({ name, planned: left });
    left.splice(left.indexOf(next), 1);
    await act(name, next.deed, Date.now());
  }
}
