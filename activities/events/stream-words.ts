import type { EventStream } from '../../store/event-stream.ts';

/**
 * How listening stands, in words for operators, with instants rather than ages: they are read long after they were written. Without the CRM's own words, which
 * `sync status` shows: these are kept in histories.
 */
export function streamInWords(stream: EventStream): string {
  const { state, since, channels, positions, lastEventAt, gapAt, code, remedy, retryAt } = stream;
  const last = `last event: ${lastEventAt ?? 'none yet'}`;
  const places = Object.entries(positions).map(([channel, position]) => `${channel} at ${position}`);
  const place = places.length === 0 ? 'position: the newest event' : `position: ${places.join(', ')}`;
  const gap = gapAt === null ? '' : ` · last gap: ${gapAt}`;
  switch (state) {
    case 'listening':
      return `**listening** to ${channels.join(', ')} since ${since} · ${last} · ${place}${gap}`;
    case 'away':
      return `**away** (${code ?? 'UNEXPECTED'}) since ${since} · changes are polled · tried again at ${retryAt ?? 'once'} · ${remedy ?? ''}`;
    case 'paused':
      return `**paused** with its connection since ${since} · ${last} · ${place}`;
    case 'stopped':
      return `**stopped** since ${since} · ${last} · ${place}`;
    case 'off':
      return '**off** by configuration · changes are polled';
  }
}
