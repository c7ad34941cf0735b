import { ApplicationFailure } from '@temporalio/activity';
import type { Program } from '../../program/definition/program.ts';
import type { Registration } from '../../store/registration.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** The definition a registration is pinned to since its receipt. */
export function pinnedProgram(deps: ActivityDependencies, registration: Registration): Program {
  const program = deps.programs.byVersion(registration.programVersion);
  if (program !== null) return program;
  throw ApplicationFailure.create({
    type: 'PROGRAM_VERSION_UNKNOWN',
    message: `registration ${registration.registrationId} is pinned to program version ${registration.programVersion}, which is neither in programs/ nor kept in the store`,
    nonRetryable: true,
  });
}
