import type { AssignmentOutcome } from '../../crm/salesforce/assign-permission-set.ts';
import type { DeployOutcome, DeployProgress } from '../../crm/salesforce/metadata/deploy.ts';
import type { SourcePackage } from '../../crm/salesforce/metadata/source-package.ts';
import type { RegistrationObject } from '../../mappings/salesforce/registration-object.ts';
import type { Database } from '../../store/database.ts';
import { CommandFailure } from './command-failure.ts';
import { extensionProject } from '../compose/shipped-project.ts';
import type { SalesforceConnection } from '../salesforce-configuration.ts';
import { withStore } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry, renderTable } from './table.ts';

const REQUEST_TIMEOUT_MS = 60_000;

export interface SalesforceProvisioning {
  readonly project: string;
  readonly checkOnly?: true;
  readonly assignTo?: string;
  readonly json?: true;
}

/** Deploys the shipped project into the org and gives the permission sets. */
export async function provisionSalesforce(salesforce: SalesforceConnection, options: SalesforceProvisioning): Promise<void> {
  // Loaded only here: a CRM's client is the slowest part of the command line to load.
  const [{ packSourceProject, SourceProblem }, { deployPackage }, { assignPermissionSet }, { shelfIn }] = await Promise.all([
    import('../../crm/salesforce/metadata/source-package.ts'),
    import('../../crm/salesforce/metadata/deploy.ts'),
    import('../../crm/salesforce/assign-permission-set.ts'),
    import('../compose/connections.ts'),
  ]);
  const extension = extensionProject(salesforce.registrationObject);
  const pack = (): SourcePackage => {
    try {
      return packSourceProject(options.project, extension === null ? [] : [extension]);
    } catch (error) {
      if (!(error instanceof SourceProblem)) throw error;
      throw new CommandFailure(`The project cannot be deployed: ${error.message}.`, 'restore the file from the release, or correct it.');
    }
  };
  const { zip, sources } = pack();
  const report = progressReporter(salesforce.connection, sources.size);
  const config = { ...salesforce, requestTimeoutMs: REQUEST_TIMEOUT_MS };
  const deploy = async (db: Database | null) => {
    const shelf = db === null ? null : shelfIn(db);
    const deployed = await deployPackage(config, shelf, zip, { checkOnly: options.checkOnly === true, onProgress: report });
    const gives = deployed.isDeployed && options.checkOnly !== true;
    const assignments: Assignment[] = [];
    for (const name of gives ? setsFor(salesforce.registrationObject) : [])
      assignments.push({ name, ...(await assignPermissionSet(config, shelf, name, options.assignTo ?? null)) });
    return { deployed, assignments };
  };
  // A refresh token may have a successor, which only the store knows; whatever else signs in needs no store.
  const { deployed: outcome, assignments } = await (salesforce.auth.kind === 'refresh_token' ? withStore(deploy) : deploy(null));
  const { remedyOf } = await import('../../crm/salesforce/metadata/deploy-remedy.ts');
  const { componentKey } = await import('../../crm/salesforce/metadata/source-package.ts');
  const answer = answerOf(
    outcome,
    assignments,
    { connection: salesforce.connection, checkOnly: options.checkOnly === true },
    (problem) => remedyOf(problem),
    (type, name) => sources.get(componentKey(type, name)) ?? null,
  );
  if (options.json === true) printJson(answer);
  else print(render(answer));
  if (!outcome.isDeployed) throw failureOf(answer);
  const refused = assignments.flatMap((each) => (each.kind === 'refused' ? [each] : []));
  if (refused.length > 0) throw notAssigned(refused);
}

type Assignment = AssignmentOutcome & { readonly name: string };
type Change = DeployOutcome['components'][number]['change'];

interface ProvisionAnswer {
  readonly connection: string;
  readonly deploymentId: string;
  readonly checkOnly: boolean;
  readonly deployed: boolean;
  readonly status: string;
  readonly error: string | null;
  /** What the user of the connection needs; empty where nothing was deployed. */
  readonly permissionSets: readonly Assignment[];
  readonly counts: Readonly<Record<Change, number>>;
  /** What the deployment changed, or would change; what is as it was is only counted. */
  readonly changes: DeployOutcome['components'];
  readonly problems: readonly (DeployOutcome['problems'][number] & { readonly source: string | null; readonly remedy: string })[];
}

function answerOf(
  outcome: DeployOutcome,
  permissionSets: readonly Assignment[],
  { connection, checkOnly }: { readonly connection: string; readonly checkOnly: boolean },
  remedyOf: (problem: string) => string,
  sourceOf: (type: string, fullName: string) => string | null,
): ProvisionAnswer {
  const count = (change: Change) => outcome.components.filter((each) => each.change === change).length;
  return {
    connection,
    deploymentId: outcome.id,
    checkOnly,
    deployed: outcome.isDeployed && !checkOnly,
    status: outcome.status,
    error: outcome.error,
    permissionSets,
    counts: { created: count('created'), changed: count('changed'), deleted: count('deleted'), unchanged: count('unchanged') },
    changes: outcome.components.filter((each) => each.change !== 'unchanged'),
    problems: outcome.problems.map((each) => ({ ...each, source: sourceOf(each.type, each.fullName), remedy: remedyOf(each.problem) })),
  };
}

function render(answer: ProvisionAnswer): string {
  const { connection, status, counts, changes, problems, checkOnly, permissionSets } = answer;
  if (status !== 'Succeeded')
    return [renderEntry(connection, `${status}; nothing was changed`), ...problems.map(renderProblem)].join('\n\n');
  const would = checkOnly ? 'would take everything: ' : '';
  const head = renderEntry(connection, `${would}${counts.created} created, ${counts.changed} changed, ${counts.unchanged} as they were`);
  const table =
    changes.length === 0
      ? []
      : [
          renderTable(
            ['CHANGE', 'KIND', 'COMPONENT'],
            changes.map(({ change, type, fullName }) => [change, type, fullName]),
          ),
        ];
  return [head, ...table, ...permissionSets.map(renderAssignment), ...(permissionSets.length === 0 ? [] : [NEXT_STEP])].join('\n');
}

/** The permission sets that the user of the connection needs. */
function setsFor(registrationObject: RegistrationObject): readonly string[] {
  const own = 'Dealkeeper_Integration';
  return extensionProject(registrationObject) === null ? [own] : [own, `${own}_${registrationObject}`];
}

/** Salesforce gives nobody access to new fields: for people, that is done by people, once. */
const NEXT_STEP = 'Assign, once: Dealkeeper_Rep to sales reps, Dealkeeper_Approver to approvers.\nThen run `connections check`.';

function renderAssignment({ name, kind, username }: Assignment): string {
  const said = { assigned: `given to ${username}`, present: `${username} has it`, refused: `not given to ${username}` };
  return renderEntry(name, said[kind]);
}

function notAssigned(refused: readonly Extract<Assignment, { readonly kind: 'refused' }>[]): CommandFailure {
  const names = refused.map(({ name }) => name).join(' and ');
  const [{ username, problem } = { username: '', problem: '' }] = refused;
  return new CommandFailure(
    `Everything is deployed, but ${username} was not given ${names}, without which it sees nothing of it: ${problem}.`,
    `assign ${names} to the user of the connection in Setup, or run it again as an administrator with \`--assign-to\`.`,
  );
}

function renderProblem({ type, fullName, source, fileName, line, problem, remedy }: ProvisionAnswer['problems'][number]): string {
  const place = `${source ?? fileName}${line === null || source !== null ? '' : `:${line}`}`;
  return [
    renderEntry(fullName, type),
    renderEntry('  file', place),
    renderEntry('  problem', problem),
    renderEntry('  remedy', remedy),
  ].join('\n');
}

function failureOf({ connection, problems, error, status }: ProvisionAnswer): CommandFailure {
  const count = problems.length === 1 ? '1 component' : `${problems.length} components`;
  const what = problems.length > 0 ? `${count} cannot be deployed` : (error ?? `the deployment ended as ${status}`);
  return new CommandFailure(
    `${connection} was not provisioned: ${what}.`,
    problems.length > 0
      ? 'do what stands beside each component and run it again.'
      : 'run it again; if it ends so again, look at Deployment Status in Setup.',
  );
}

/** A line whenever something moved. */
function progressReporter(connection: string, expected: number): (progress: DeployProgress) => void {
  let last = '';
  return ({ status, deployed, failed, total }) => {
    const line = `${connection}: ${status}, ${deployed} of ${total === 0 ? expected : total} components${failed === 0 ? '' : `, ${failed} refused`}\n`;
    if (line !== last) process.stderr.write(line);
    last = line;
  };
}
