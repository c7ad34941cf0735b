import { Option, type Command } from 'commander';
import { registrationAnswer } from '../../api/schemas/registration.ts';
import { withApi } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry } from './table.ts';

interface ActorOptions {
  readonly actor: string;
  readonly connection?: string;
  readonly reason?: string;
  readonly json?: true;
}

interface LinkOptions extends ActorOptions {
  readonly opportunity: string;
  readonly primary?: 'yes' | 'no';
}

/** `registration …`: the opportunity of a registration, in the name of a person who may. */
export function addRegistrationCommands(root: Command): void {
  const registration = root.command('registration').description('link registrations to opportunities of the CRM, or have one made');

  for (const [action, description] of [
    ['link', 'link a registration to an opportunity; one that is not approved is never its primary'],
    ['relink', 'move the link of a registration to another opportunity, at once'],
  ] as const) {
    withActor(registration.command(action).argument('<registrationId>', 'id of a registration').description(description))
      .requiredOption('--opportunity <id>', 'the id of the opportunity in the CRM')
      .addOption(new Option('--primary <answer>', 'whether it becomes the primary; left out: as the program says').choices(['yes', 'no']))
      .action((id: string, { opportunity, primary, ...options }: LinkOptions) =>
        send(id, options, { action, opportunity, ...(primary === undefined ? {} : { primary: primary === 'yes' }) }),
      );
  }
  withActor(
    registration
      .command('unlink')
      .argument('<registrationId>', 'id of a registration')
      .description('take away the link of a registration; its protection stays'),
  ).action((id: string, options: ActorOptions) => send(id, options, { action: 'unlink' }));
  withActor(
    registration
      .command('create-opportunity')
      .argument('<registrationId>', 'id of an approved registration')
      .description('have an opportunity made at the customer’s account; sync makes it within a poll'),
  ).action((id: string, options: ActorOptions) => send(id, options, { action: 'create' }));
}

function withActor(command: Command): Command {
  return command
    .requiredOption('--actor <alias>', 'in whose name: of the ladder, the partner’s manager, or whoever owns the opportunity')
    .option('--connection <name>', 'name of the connection, where there are several')
    .option('--reason <text>', 'why, kept with the command')
    .option('--json', 'print JSON');
}

async function send(registrationId: string, { actor, connection, reason, json }: ActorOptions, wanted: object): Promise<void> {
  const path = `/v1/registrations/${encodeURIComponent(registrationId)}/opportunity`;
  const body = { ...wanted, actor, ...(connection === undefined ? {} : { connection }), ...(reason === undefined ? {} : { reason }) };
  const answer: unknown = await withApi((call) => call('POST', path, body), 'commands');
  if (json === true) return printJson(answer);
  const { id, status, opportunity } = registrationAnswer.parse(answer);
  const linked =
    opportunity === null
      ? 'no opportunity'
      : `opportunity ${opportunity.remoteId} of ${opportunity.connection}${opportunity.primary ? ', as its primary' : ''}`;
  print(renderEntry(id, `${status}, ${linked}`));
}
