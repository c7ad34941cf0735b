import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { fieldProblemsOf, type FieldProblem } from './field-problem.ts';

/** Input that its schema refuses, with every field that is wrong. */
export class InvalidInput extends Error {
  readonly fields: readonly FieldProblem[];
  constructor(fields: readonly FieldProblem[]) {
    super('the input is not valid');
    this.fields = fields;
  }
}

/** Checks bodies and queries with zod and hands on what it parsed. */
export const inputCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data) => {
    const parsed = schema.safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: new InvalidInput(fieldProblemsOf(parsed.error.issues)) };
  };
