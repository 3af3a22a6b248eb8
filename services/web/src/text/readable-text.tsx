import { memo } from 'react';
import { shortenReferences } from './shorten-references.js';

/** A text from the server with its long references shortened; each stands in full on hover. */
export const ReadableText = memo(function ReadableText({ children }: { children: string }) {
  return (
    <span className="readable">
      {shortenReferences(children).map(({ text, full }, index) =>
        full === undefined ? (
          text
        ) : (
          <span key={index} title={full} className="shortened">
            {text}
          </span>
        ),
      )}
    </span>
  );
});
