/** Another pass was faster: this one stops, and the next reads anew. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}
