/** The pattern is none: a class or an escape does not end. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  constructor(
    /** What stands before, to the last star: Go sees no mistake behind it in a path that this does not match. */
    readonly head: string,
  ) {
    super('syntax error in pattern');
  }
}

/**
 * What Go's `filepath.Match` makes of a pattern, which `.helmignore` and `--show-only` are written in: `*` and `?`
 * stop at a slash, `[a-z]` and `[^a-z]` do not, `\` takes the next character as it is, and the whole path must match.
 *
 * @throws PatternError
 */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const letters = new Letters(pattern);
  let piece = '';
  const pieces: string[] = [];
  while (!letters.isAtEnd) {
    const letter = letters.next();
    if (letter === '*') {
      pieces.push(piece);
      piece = '';
      letters.mark();
    } else if (letter === '?') piece += '[^/]';
    else if (letter === '[') piece += classOf(letters);
    else piece += literal(letter === '\\' ? letters.next() : letter);
  }
  const expression = new RegExp(`^${joinAtStars([...pieces, piece])}$`, 'su');
  return (path) => expression.test(path);
}

/** As in Go, what follows a star is taken where it comes first, for good: to try all places for all stars has no end. */
function joinAtStars([first = '', ...others]: readonly string[]): string {
  const last = others.pop();
  const between = others.map((piece, at) => `(?=([^/]*?${piece}))\\${at + 1}`);
  return first + between.join('') + (last === undefined ? '' : `[^/]*${last}`);
}

class Letters {
  readonly #letters: string[];
  #at = 0;
  #marked = 0;

  constructor(text: string) {
    this.#letters = [...text];
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#letters.length;
  }

  next(): string {
    const letter = this.#letters[this.#at++];
    if (letter === undefined) throw this.mistake();
    return letter;
  }

  /** Behind a star. */
  mark(): void {
    this.#marked = this.#at;
  }

  mistake(): PatternError {
    return new PatternError(this.#letters.slice(0, this.#marked).join(''));
  }

  skip(letter: string): boolean {
    const isThere = this.#letters[this.#at] === letter;
    if (isThere) this.#at++;
    return isThere;
  }
}

function classOf(letters: Letters): string {
  const isNegated = letters.skip('^');
  const ranges: string[] = [];
  do {
    const low = boundOf(letters);
    const high = letters.skip('-') ? boundOf(letters) : low;
    // The other way round is allowed and matches nothing.
    if (low.codePointAt(0)! <= high.codePointAt(0)!) ranges.push(`${literal(low)}-${literal(high)}`);
  } while (!letters.skip(']'));
  return `[${isNegated ? '^' : ''}${ranges.join('')}]`;
}

function boundOf(letters: Letters): string {
  const letter = letters.next();
  if (letter === '-' || letter === ']') throw letters.mistake();
  return letter === '\\' ? letters.next() : letter;
}

function literal(letter: string): string {
  return `\\u{${letter.codePointAt(0)!.toString(16)}}`;
}
