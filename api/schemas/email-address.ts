import { z } from 'zod';

const error = 'expected an e-mail address';

/** Where somebody can be written to: one address, without a name. */
export const emailAddress = z.string({ error }).trim().max(254, { error }).pipe(z.email({ error }));
