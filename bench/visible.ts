import { figure, quantile, type Benchmark, type Scale } from './benchmark.ts';
import { atIntervals, until } from './concurrency.ts';
import { withSystem, type RunningSystem } from './running-system.ts';

const POLL_SECONDS = 5;
const SIZES: Readonly<Record<Scale, number>> = { full: 30, small: 2 };
/** Apart by a number that shares no divisor with the poll interval: the samples fall on all its phases. */
const APART_MS = 470;
const ASK_EVERY_MS = 50;
const SEEN_WITHIN_MS = 20_000;

export const visible: Benchmark = {
  name: 'visible',
  summary: "from the POST to the row with its final status in the CRM, and from a rep's edit to the API",
  run: (scale) =>
    withSystem(POLL_SECONDS, async (system) => {
      const claims = system.portal.drawClaims(SIZES[scale]);
      const out = await atIntervals(APART_MS, claims, async (claim) => {
        const startedAt = performance.now();
        const { id } = await system.portal.register(claim);
        const remoteId = await seenInCrm(system, id);
        return { id, remoteId, tookMs: performance.now() - startedAt };
      });
      const back = await atIntervals(APART_MS, out, async ({ id, remoteId }) => {
        const startedAt = performance.now();
        await system.desk.edit('Deal_Registration__c', remoteId, { Estimated_Value__c: 13_500 });
        const isSeen = async (): Promise<boolean> => (await system.portal.read(id)).estimatedValue.amount === '13500.00';
        await until("the rep's edit over the API", isSeen, ASK_EVERY_MS, SEEN_WITHIN_MS);
        return performance.now() - startedAt;
      });
      const took = out.map(({ tookMs }) => tookMs);
      const shares = [['p50', 0.5] as const, ['p95', 0.95] as const];
      const beside = ['the poll interval', POLL_SECONDS] as const;
      return [
        ...shares.map(([name, share]) => figure(`POST to final status in the CRM, ${name}`, 's', quantile(took, share) / 1000, ...beside)),
        ...shares.map(([name, share]) => figure(`rep's edit to the API, ${name}`, 's', quantile(back, share) / 1000, ...beside)),
      ];
    }),
};

/** Waits until the CRM shows the status that the program decided on; answers the CRM's id of the row. */
async function seenInCrm({ portal, desk }: RunningSystem, id: string): Promise<string> {
  let remoteId = '';
  const isSeen = async (): Promise<boolean> => {
    const [row] = await desk.query(`SELECT Id, Status__c FROM Deal_Registration__c WHERE Registration_Id__c = '${id}'`);
    if (row === undefined || row['Status__c'] === 'submitted') return false;
    remoteId = String(row['Id']);
    return row['Status__c'] === (await portal.read(id)).status;
  };
  await until('the registration in the CRM', isSeen, ASK_EVERY_MS, SEEN_WITHIN_MS);
  return remoteId;
}
