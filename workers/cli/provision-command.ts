import { Option, type Command } from 'commander';
import { SHIPPED_PROJECT } from '../compose/shipped-project.ts';
import { CommandFailure } from './command-failure.ts';
import { crmsOf } from './installation.ts';
import { provisionHubspot } from './provision-hubspot.ts';
import { provisionSalesforce } from './provision-salesforce.ts';

interface ProvisionOptions {
  readonly connection: 'salesforce' | 'hubspot';
  readonly project?: string;
  readonly checkOnly?: true;
  readonly assignTo?: string;
  readonly json?: true;
}

/** `provision`: the objects, fields, screens and permission sets that a connection works with, made in its CRM. */
export function addProvisionCommand(root: Command): void {
  root
    .command('provision')
    .description(
      'make in the CRM what is shipped for it. Into Salesforce the objects, fields, screens, rules, reports and permission sets are deployed, and those of the object ' +
        'on which registrations are kept: all of them or, where one is refused, none; then the user of the connection is given its permission set, without which it sees ' +
        'nothing of them. In HubSpot what is not there is made of the custom object or, where registrations are kept as deals, of their properties, and of the pipeline ' +
        'with its stages, the properties of companies, deals, tasks and notes, and the association labels. ' +
        'To run it again changes nothing that is as it should be. Progress goes to standard error.',
    )
    .addOption(new Option('--connection <name>', 'the connection to provision').choices(['salesforce', 'hubspot']).default('salesforce'))
    .option(
      '--project <folder>',
      `Salesforce: the DX project to deploy, such as a changed copy of the shipped one (default: ${SHIPPED_PROJECT})`,
    )
    .option(
      '--assign-to <username>',
      'Salesforce: the user that the connection works as, where this command signs in as another, such as an administrator',
    )
    .option('--check-only', 'say whether the CRM would take everything, and what would be made or changed; change nothing')
    .option('--json', 'print JSON')
    .action(provision);
}

async function provision({ connection, ...options }: ProvisionOptions): Promise<void> {
  const { salesforce, hubspot } = crmsOf();
  if (connection === 'salesforce') {
    if (salesforce === null) throw notConfigured(connection, 'SALESFORCE_INSTANCE_URL');
    return provisionSalesforce(salesforce, { ...options, project: options.project ?? SHIPPED_PROJECT });
  }
  const foreign = (['project', 'assignTo'] as const).find((name) => options[name] !== undefined);
  if (foreign !== undefined)
    throw new CommandFailure(
      `--${foreign.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is for Salesforce.`,
      'leave it out.',
    );
  if (hubspot === null) throw notConfigured(connection, 'HUBSPOT_ACCESS_TOKEN');
  return provisionHubspot(hubspot, options);
}

function notConfigured(connection: string, variable: string): CommandFailure {
  return new CommandFailure(`There is no connection ${connection}.`, `set ${variable} and what belongs to it, or name another connection.`);
}
