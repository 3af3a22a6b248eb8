/** `Ann` for `Ann <ann@example.com>`: git's way to write a person, without the address. */
export function personName(person: string): string {
  const name = person.replace(/\s*<[^<>]*>\s*$/, '').trim();
  return name === '' ? person : name;
}
