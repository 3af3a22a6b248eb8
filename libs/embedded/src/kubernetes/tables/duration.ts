/** How long ago a time is, as kubectl writes it: `5s`, `3m2s`, `4h`, `2d3h`. */
export function age(time: string | undefined, until = Date.now()): string {
  if (!time) return '<unknown>';
  return shortDuration(Math.max(0, Math.floor((until - Date.parse(time)) / 1000)));
}

export function shortDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  return days < 8 ? pair(days, 'd', hours % 24, 'h') : `${days}d`;
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
