import type { Command } from 'commander';
import { programJsonSchema } from '../../../program/definition/json-schema.ts';
import { printJson } from '../print.ts';

/** `program schema`: the JSON Schema that editors complete and check a definition by. `programs/program.schema.json` is its output. */
export function addSchemaCommand(program: Command): void {
  program
    .command('schema')
    .description('print the JSON Schema of a definition, for editors (programs/program.schema.json)')
    .action(() => {
      printJson(programJsonSchema());
    });
}
