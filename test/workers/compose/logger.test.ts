import { DatabaseError } from 'pg';
import { createLogger } from '../../../workers/compose/logger.ts';

describe('createLogger', () => {
  const lines: string[] = [];
  const log = createLogger('info', 'test', { write: (line: string) => void lines.push(line) });
  beforeEach(() => void lines.splice(0));

  it('cuts out what may be personal or secret, at the top and one level below', () => {
    log.info(
      { email: 'ada@aster.example', registration: { contact: 'Ada', description: 'Two sites' }, headers: { authorization: 'Bearer x' } },
      'received',
    );
    expect(lines.join('')).not.toMatch(/ada@|Ada|Two sites|Bearer/);
    // Negative control: the line was written, with what is neither.
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'test', msg: 'received', email: '[redacted]' });
  });

  it('does not repeat the values that PostgreSQL names in an error', () => {
    const error = Object.assign(new DatabaseError('duplicate key value violates unique constraint "partner_pkey"', 1, 'error'), {
      detail: 'Key (email)=(ada@aster.example) already exists.',
      where: 'the row of Lovelace',
      code: '23505',
    });
    log.warn({ err: error }, 'it is tried again');
    expect(lines.join('')).not.toMatch(/ada@|Lovelace/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { code: '23505', message: expect.stringContaining('duplicate key') } });
  });
});
