import { z } from 'zod';

/** An element that XML repeats: none, one or several, which the parser gives as nothing, a value or a list. */
export function listOf<Value>(shape: z.ZodType<Value>) {
  return z.union([z.array(shape), shape.transform((one): Value[] => [one])]).default([]);
}
