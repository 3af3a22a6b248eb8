import { describe, expect, it } from 'vitest';
import { ChartError } from './chart-error.js';

describe('what is said of a chart', () => {
  it('says what was being done to what, and why that was not possible apart from it', () => {
    const error = new ChartError('SHIPIT_CHART_DOWNLOAD', 'no answer', { subject: 'Fetching web', isTransient: true });
    expect(error).toMatchObject({ message: 'Fetching web: no answer', reason: 'no answer', isTransient: true });
    expect(new ChartError('SHIPIT_CHART_DOWNLOAD', 'no answer')).toMatchObject({ reason: 'no answer' });
  });

  it('is cut where a chart or a server makes it a book', () => {
    const { message } = new ChartError('SHIPIT_CHART_TEMPLATE', 'b'.repeat(3e6), { subject: 'a'.repeat(3e6) });
    expect(message).toMatch(/^a{1000}…: b{4000}…$/);
  });

  it('does not steer the terminal that shows it', () => {
    const { message, reason } = new ChartError('SHIPIT_CHART_INVALID', 'red \u001b[31m\nand bell\u0007', {
      subject: 'a\u001b',
    });
    expect(message).toBe('a\ufffd: red \ufffd[31m\nand bell\ufffd');
    expect(reason).toBe('red \ufffd[31m\nand bell\ufffd');
  });

  it('can be told with more at its end, and is the same otherwise', () => {
    const cause = new Error('why');
    const options = { subject: 'Rendering web', cause, isTransient: true, isWhileReading: true };
    const error = new ChartError('SHIPIT_CHART_CRASH', 'stopped', options).withHint('; look here');
    expect(error).toMatchObject({ code: 'SHIPIT_CHART_CRASH', message: 'Rendering web: stopped; look here' });
    expect(error).toMatchObject({ reason: 'stopped; look here', cause, isTransient: true, isWhileReading: true });
  });
});
