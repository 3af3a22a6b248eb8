import { personName } from './person-name.js';

/** A person's or a service's name; the address on hover. */
export function Person({ name }: { name: string | undefined }) {
  return name === undefined ? null : <span title={name}>{personName(name)}</span>;
}
